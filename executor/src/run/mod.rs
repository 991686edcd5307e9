//! `wlx run`: every client on every workload, one process each, every repeat stored as it ends.

mod child;
mod command;
mod compiled_file;
mod event_pipe;
mod session;
mod summary;

pub use command::{RunArgs, run};
