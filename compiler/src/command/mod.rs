//! The commands, and what they share: reading sources, printing diagnostics, exit codes.

mod build;
mod check;
mod compile;
pub mod docs;
mod explain;
pub mod report;
pub mod schema;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use report::Terminal;

/// Runs `wlc` with the arguments of the process.
pub fn run_from_env() -> ExitCode {
    // clap itself exits with 2 on a wrong command line, which is our code for it.
    let cli = Cli::parse();
    let mut terminal = Terminal::new(cli.format, cli.quiet);
    let code = match &cli.command {
        Command::Build(arguments) => build::run(arguments, &mut terminal),
        Command::Check(arguments) => check::run(arguments, &mut terminal),
        Command::Schema(arguments) => schema::run(arguments, &mut terminal),
        Command::Explain(arguments) => explain::run(arguments, &mut terminal),
        Command::Docs { what } => docs::run(*what, &mut terminal),
    };
    ExitCode::from(code)
}
