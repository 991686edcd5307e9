//! From the command line to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::{Cli, Command, config};
use crate::ending::{CommandError, Ended, Ending};
use crate::settings::{Environment, Settings};
use wlx_terminal as terminal;

use crate::{baseline, calibrate, clean, clients, compare, compat, conform, prep, report, results, run, serve};

/// Parses the command line, runs the command, and answers its exit code.
pub fn main_entry() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Guard) {
        // The guard needs no runtime, and its parent must not wait for one.
        runner_drive::guard();
        return ExitCode::SUCCESS;
    }
    terminal::configure(cli.common.quiet, cli.common.no_progress);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return close(Err(error.into())),
    };
    let code = runtime.block_on(async {
        match &cli.command {
            // A runner has a protocol of its own for messages and exit codes.
            Command::Runner(args) => ExitCode::from(client_runner::run(args).await),
            _ => close(Box::pin(dispatch(cli)).await),
        }
    });
    // A blocking read of stdin may still be waiting; it must not hold up the exit.
    runtime.shutdown_background();
    code
}

/// Prints what went wrong, and chooses the exit code: the only place that does either.
fn close(result: Result<Ended, CommandError>) -> ExitCode {
    let (problems, hints, code) = match result {
        Ok(ended) => (ended.problems, ended.hints, ended.ending.exit_code()),
        Err(error) => (error.problems(), Vec::new(), error.exit_code()),
    };
    for problem in problems {
        terminal::error(&problem);
    }
    for hint in hints {
        terminal::hint(hint);
    }
    ExitCode::from(code)
}

async fn dispatch(cli: Cli) -> Result<Ended, CommandError> {
    // Only variables that are text can be settings.
    let environment: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let directory = std::env::current_dir()?;
    let settings = Settings::resolve(&cli.common, &environment, &directory)?;
    let done = Ok(Ending::Done.into());
    match cli.command {
        Command::Prep(args) => prep::run(&args, &settings).await.map_err(CommandError::Prep).and(done),
        Command::Clean(args) => clean::run(&args, &settings).await.map_err(CommandError::Prep).and(done),
        Command::Run(args) => run::run(&args, &settings).await,
        Command::Compare(args) => compare::run(&args, &settings).await,
        Command::Baseline(args) => baseline::run(&args, &settings),
        Command::Results(args) => results::run(&args, &settings).map_err(CommandError::Output).and(done),
        Command::Report(args) => report::run(&args, &settings),
        Command::Clients(args) => clients::run(&args, &settings),
        Command::Compat(args) => compat::run(&args, &settings).await,
        Command::Conform(args) => Box::pin(conform::execute(&args, &settings)).await,
        Command::Calibrate(args) => calibrate::run(&args, &settings).await,
        Command::Serve(args) => serve::run(&args, &settings).await,
        Command::Config => {
            config::show(&settings);
            done
        }
        Command::Runner(_) | Command::Guard => unreachable!("handled above, without settings"),
    }
}
