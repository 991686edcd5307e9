//! From the command line to an exit code.

use std::process::ExitCode;

use clap::Parser;
use workload_schema::exit_code;

use super::{Cli, Command, config};
use crate::compat::CompatError;
use crate::prep::PrepError;
use crate::results::{ResultsArgs, ResultsCommandError};
use crate::settings::{Environment, Settings};
use run_records::results_file::ResultsFile;
use wlx_terminal as terminal;

use crate::{baseline, calibrate, clean, clients, compare, compat, conform, prep, report, results, run, serve};

/// What went wrong before or outside a run, and the exit code for it.
struct Stop {
    code: u8,
    error: anyhow::Error,
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self { code: exit_code::FAILED, error: error.into() }
    }
}

fn usage(error: impl Into<anyhow::Error>) -> Stop {
    Stop { code: exit_code::USAGE, error: error.into() }
}

/// Parses the command line, runs the command, and answers its exit code. Errors are printed here, once.
pub fn main_entry() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Guard) {
        // It needs no runtime, and its parent must not wait for one.
        runner_drive::guard();
        return ExitCode::SUCCESS;
    }
    terminal::configure(cli.common.quiet, cli.common.no_progress);
    let code = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let result = runtime.block_on(dispatch(cli));
            // A blocking read of stdin may still be waiting; it must not hold up the exit.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    ExitCode::from(code.unwrap_or_else(|stop| {
        terminal::error(&format!("{:#}", stop.error));
        stop.code
    }))
}

async fn dispatch(cli: Cli) -> Result<u8, Stop> {
    if let Command::Runner(args) = &cli.command {
        return Ok(client_runner::run(args).await);
    }
    // Only variables that are text can be settings.
    let environment: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let directory = std::env::current_dir()?;
    let settings = Settings::resolve(&cli.common, &environment, &directory).map_err(usage)?;
    match cli.command {
        Command::Prep(args) => prepared(prep::run(&args, &settings).await),
        Command::Clean(args) => prepared(clean::run(&args, &settings).await),
        Command::Run(args) => Ok(run::run(&args, &settings).await?),
        Command::Compare(args) => Ok(compare::run(&args, &settings).await?),
        Command::Baseline(args) => Ok(baseline::run(&args, &settings)?),
        Command::Results(args) => show_results(&args, &settings),
        Command::Report(args) => report::run(&args, &settings).map(|()| exit_code::OK).map_err(Stop::from),
        Command::Clients(args) => clients::run(&args, &settings).map_err(usage),
        Command::Compat(args) => compat::run(&args, &settings).await.map_err(|error| match error {
            CompatError::Catalog(_) | CompatError::Lookup(_) | CompatError::Settings(_) => usage(error),
            _ => error.into(),
        }),
        Command::Conform(args) => Ok(Box::pin(conform::execute(&args, &settings)).await?),
        Command::Calibrate(args) => Ok(calibrate::run(&args, &settings).await?),
        Command::Serve(args) => Ok(serve::run(&args, &settings).await?),
        Command::Config => {
            config::show(&settings);
            Ok(exit_code::OK)
        }
        Command::Runner(_) | Command::Guard => unreachable!("handled above, without settings"),
    }
}

fn prepared(result: Result<(), PrepError>) -> Result<u8, Stop> {
    match result {
        Ok(()) => Ok(exit_code::OK),
        Err(error) => Err(Stop { code: error.exit_code(), error: error.into() }),
    }
}

fn show_results(args: &ResultsArgs, settings: &Settings) -> Result<u8, Stop> {
    if let Some(reference) = results::column_reference(args, terminal::width()) {
        terminal::data(reference.trim_end());
        return Ok(exit_code::OK);
    }
    let result = ResultsFile::open_read_only(&settings.db.value)
        .map_err(ResultsCommandError::from)
        .and_then(|store| results::execute(args, &store, terminal::width(), &mut std::io::stdout().lock()));
    match result {
        Ok(()) => Ok(exit_code::OK),
        Err(error) => {
            let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            Err(anyhow::anyhow!("{:#}{hint}", anyhow::Error::from(error)).into())
        }
    }
}
