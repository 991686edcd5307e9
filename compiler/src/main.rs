//! `wlc`: see the library for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    wlc::run_from_env()
}
