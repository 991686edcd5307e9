//! `wlx baseline`: runs that are kept under a name, for later ones to be held against.

mod command;

pub use command::{BaselineArgs, run};
