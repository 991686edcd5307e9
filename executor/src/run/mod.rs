//! `wlx run`: every client on every workload, in one process per run, with every repeat stored as it ends.

mod command;
mod one;
mod run_lines;
mod script;
mod summary;

pub use command::{RunArgs, RunFormat, run};
