//! `wlx run`: every client on every workload, one process each, every repeat stored as it ends.

mod bar;
mod child;
mod command;
mod compiled_file;
mod event_pipe;
mod following;
mod guard;
mod lines;
mod one;
mod output;
mod reach;
mod session;
mod summary;
mod tuned;
mod usage;
mod verification;

pub use command::{RunArgs, RunFormat, run};
pub use guard::guard;
