//! `wlc explain`.
use workload_schema::exit_code;

use super::report::Terminal;
use crate::cli::ExplainArguments;

/// Explains one workload; gives the exit code.
pub fn run(_arguments: &ExplainArguments, _terminal: &mut Terminal) -> u8 {
    exit_code::USAGE
}
