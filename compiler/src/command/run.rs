//! From the arguments of the process to its exit code.

use std::process::ExitCode;

use clap::Parser;

use super::report::Terminal;
use super::{build, check, docs, explain, schema};
use crate::cli::{Cli, Command};

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
