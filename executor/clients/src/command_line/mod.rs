//! The command-line clients: which there are, and the program behind each.

mod client;
mod program;

pub use client::CommandLineClient;
pub use program::{Program, ProgramError, installed_version};
