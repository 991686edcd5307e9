//! `wlc docs`.
use workload_schema::exit_code;

use super::report::Terminal;
use crate::cli::Reference;

/// Prints a reference; gives the exit code.
pub fn run(_what: Reference, _terminal: &mut Terminal) -> u8 {
    exit_code::USAGE
}
