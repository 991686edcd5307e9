//! The `wlx` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    wlx::cli::main_entry()
}
