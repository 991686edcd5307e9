//! Running the command that the arguments name.

use std::process::ExitCode;

use clap::Parser;

use super::report::Terminal;
use super::{build, check, docs, explain, schema};
use crate::cli::{Cli, Command};

/// Runs `wlc` with the arguments of the process.
pub fn run_from_env() -> ExitCode {
    // On a wrong command line clap exits with 2, which is our exit code for it too.
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
