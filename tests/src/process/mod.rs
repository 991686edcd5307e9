//! Starts programs so that none outlives its test: each has a process group of its own and a time limit, and its output is kept.

mod child;
mod finished;
mod invocation;
mod stream;
pub(crate) mod table;

pub use child::Child;
pub use finished::{Finished, Output};
pub use invocation::Invocation;
