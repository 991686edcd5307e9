//! `wlx baseline`: runs that are kept under a name, so that later runs can be compared with them.

mod command;

pub use command::{BaselineArgs, run};
