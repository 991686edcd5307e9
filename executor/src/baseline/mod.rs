//! `wlx baseline`: runs that are kept under a name, for later ones to be held against.

mod command;
mod file;

pub use command::{BaselineArgs, run};
pub use file::{BaselineError, Baselines};
