//! Starting programs so that none outlives its test: own process group, time limit, output kept.

mod child;
mod finished;
mod invocation;
mod stream;
pub(crate) mod table;

pub use child::Child;
pub use finished::Finished;
pub use invocation::Invocation;
