//! `wlx compat`: which command-line clients can do a workload in one command, and what that command is.

mod command;

pub use command::{CompatArgs, run};
