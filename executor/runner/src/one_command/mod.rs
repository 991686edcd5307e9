//! The command-line clients: a workload is done by one single command, or skipped (contract 6).
//!
//! Several commands in a row would start several processes and look unfairly slow, so what does not fit into one is not run.
//! [`one_command`] is the rule, a pure function; `wlx compat` prints what it says and the runner does what it says.

mod asked;
mod aws_cli;
mod command;
mod drain;
#[cfg(test)]
mod fixtures;
mod keys;
mod listing;
mod rclone;
mod rules;
mod s5cmd;
mod surroundings;
mod work;

pub use asked::{Asked, Refusal};
pub use command::{OneCommand, Stream};
pub use rules::one_command;
pub use surroundings::Surroundings;
pub use work::CommandWork;
