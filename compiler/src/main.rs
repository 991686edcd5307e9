//! The program `wlc`. The library does all its work.

use std::process::ExitCode;

fn main() -> ExitCode {
    wlc::run_from_env()
}
