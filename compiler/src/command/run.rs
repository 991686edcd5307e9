//! Running the command that the arguments name.

use std::process::ExitCode;

use clap::Parser;

use super::ending::{CommandError, Ending};
use super::report::Terminal;
use super::{build, check, docs, explain, schema};
use crate::cli::{Cli, Command};

/// Runs `wlc` with the arguments of the process.
pub fn run_from_env() -> ExitCode {
    // On a wrong command line clap exits with 2, which is our exit code for it too.
    let cli = Cli::parse();
    let mut terminal = Terminal::new(cli.format, cli.quiet);
    let ending = match &cli.command {
        Command::Build(arguments) => build::run(arguments, &mut terminal),
        Command::Check(arguments) => check::run(arguments, &mut terminal),
        Command::Schema(arguments) => Ok(schema::run(arguments, &mut terminal)),
        Command::Explain(arguments) => explain::run(arguments, &mut terminal),
        Command::Docs { what } => Ok(docs::run(*what, &mut terminal)),
    };
    let code = ending.map_or_else(|error| failed(&error, &mut terminal), Ending::exit_code);
    ExitCode::from(code)
}

/// Prints `error` and returns its exit code.
fn failed(error: &CommandError, terminal: &mut Terminal) -> u8 {
    terminal.failure(error, error.hint());
    error.exit_code()
}
