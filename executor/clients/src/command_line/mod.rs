//! The command-line clients: which there are, what each can do, and the program behind it.

mod aws_cli;
mod cli_classic;
mod cli_crt;
mod client;
mod installation;
mod program;
mod rclone;
mod s5cmd;

pub use client::CommandLineClient;
pub use installation::Installation;
pub use program::{Program, ProgramError, installed_version};
