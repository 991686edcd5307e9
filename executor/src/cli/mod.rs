//! The command line of `wlx`.

mod arguments;
mod config;
mod entry;

pub use arguments::{Cli, Command};
pub use entry::main_entry;
