//! `wlx compat`: which command-line clients can do a workload in one command, and by which.

mod command;

pub use command::{CompatArgs, run};
