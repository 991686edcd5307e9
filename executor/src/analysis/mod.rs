//! What numbers mean: whether a difference is one, how sure that is, what held a run back, and what to doubt.
//!
//! Pure functions from stored repeats to findings. No mean of repeats and no mean of percentiles is made here.

mod bootstrap;
mod ratio;
mod verdict;

pub use ratio::{Ratio, of_independent, of_pairs};
pub(crate) use verdict::more_repeats;
pub use verdict::{INDIFFERENT, Verdict, verdict};
