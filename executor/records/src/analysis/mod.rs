//! What numbers mean: whether a difference is one, how sure that is, what held a run back, and what to doubt.
//!
//! Pure functions from stored repeats to findings. No mean of repeats and no mean of percentiles is made here.

mod bootstrap;
mod bound;
pub mod calibration;
pub mod conformance;
mod ratio;
mod sums;
mod verdict;
mod warnings;

pub use bootstrap::Draws;
pub use bound::{Bound, HeldBack, held_back};
pub use ratio::{Ratio, of_independent, of_pairs};
pub use verdict::more_repeats;
pub use verdict::{INDIFFERENT, Verdict, percent, verdict};
pub use warnings::{Warning, warnings};
