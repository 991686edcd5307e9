//! The command: which clients run which workloads, in which order, and what is printed about the runs.

use std::io;
use std::time::Duration;

use clap::{Args, ValueEnum};
use workload_schema::event::Tuned;
use workload_schema::record::{Outcome, RunRecord};

use super::one::OneRun;
use super::run_lines::RunLines;
use super::summary;
use crate::ending::{CommandError, Ended, Ending, Refusal};
use crate::session::{
    AS_NATIVE, Chosen, Session, SessionSetup, WatchArgs, clients, endpoint_refusals, parse_tuned, prepare, workloads,
};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use crate::store::Store;
use run_records::results::{self, Context};
use run_records::results_file::{ResultsFile, RunFilter};
use run_watch::{Bar, Watchers};
use runner_drive::Guard;
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_library::LoadedWorkload;

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunFormat {
    /// Run lines as they come, a summary table at the end.
    Table,
    /// The run records as one JSON document at the end, as `wlx results export` writes it.
    Json,
}

/// Flags of `wlx run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// Names or paths of compiled workloads
    #[arg(value_name = "WORKLOAD", required = true)]
    pub workloads: Vec<String>,
    /// Clients, separated by commas, or `all`; see wlx clients list
    #[arg(long, value_name = "ID", value_delimiter = ',', default_value = "sdk-rust")]
    pub client: Vec<String>,
    /// The same values for all clients that take them, like part-size=16MiB,connections=32,files=8
    #[arg(long, value_name = "VALUES", num_args = 0..=1, require_equals = true, default_missing_value = AS_NATIVE)]
    pub tuned: Option<String>,
    /// Compare the contents of downloads and uploads, off the clock
    #[arg(long)]
    pub verify: bool,
    /// Give up on a client that finishes no repeat within this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Keep no record of single tasks, only of repeats
    #[arg(long)]
    pub no_tasks: bool,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: RunFormat,
    /// How runs are watched while they are in progress
    #[command(flatten)]
    pub watch: WatchArgs,
}

/// What is to be run.
struct Asked {
    workloads: Vec<LoadedWorkload>,
    clients: Vec<Chosen>,
    tuned: Tuned,
}

/// Runs everything that was asked for.
pub async fn run(args: &RunArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let asked = checked(args, settings)?;
    if asked.workloads.is_empty() {
        return Ok(Ending::Skipped.into());
    }
    let mut watchers = args.watch.open(settings).await?;
    watchers.add(Bar::default());
    if args.format == RunFormat::Table {
        watchers.add(RunLines);
    }
    let cancelled = cancelled_by_signals()?;
    let store = Store::open(settings).await?;
    let result = match prepare(&store, &asked.workloads, settings, &cancelled).await {
        Ok(()) => run_all(args, settings, &store, asked, watchers, &cancelled).await,
        Err(error) => Err(error),
    };
    store.close().await;
    let (runs, context) = match result {
        Ok(done) => done,
        Err(error) if cancelled.is_cancelled() => return Err(CommandError::Interrupted(Box::new(error))),
        Err(error) => return Err(error),
    };
    show(args.format, &runs, &context)?;
    let ended = summary::ended(&runs);
    Ok(if cancelled.is_cancelled() { Ended { ending: Ending::Interrupted, ..ended } } else { ended })
}

/// What is to be run, or a refusal for each argument that cannot be used.
fn checked(args: &RunArgs, settings: &Settings) -> Result<Asked, Vec<Refusal>> {
    let workloads = workloads(&args.workloads, settings);
    let clients = clients(&args.client, settings);
    let tuned = args.tuned.as_ref().map(|text| parse_tuned(text, settings.target_throughput.value)).transpose();
    let tuned = tuned.map_err(|reason| vec![Refusal::Tuned(reason)]);
    match (workloads, clients, tuned) {
        (Ok(workloads), Ok(clients), Ok(tuned)) => Ok(Asked { workloads, clients, tuned: tuned.unwrap_or_default() }),
        (workloads, clients, tuned) => {
            let refusals = [workloads.err(), clients.err(), tuned.err()];
            Err(refusals.into_iter().flatten().flatten().collect())
        }
    }
}

async fn run_all(
    args: &RunArgs,
    settings: &Settings,
    store: &Store,
    asked: Asked,
    watchers: Watchers,
    cancelled: &CancellationToken,
) -> Result<(Vec<RunRecord>, Context), CommandError> {
    let Asked { workloads, clients, tuned } = asked;
    let results = ResultsFile::open(&settings.db.value)?;
    let mut guard = Guard::start()?;
    let timeout = Duration::from_secs(args.timeout);
    let refusals = endpoint_refusals(&clients, store, timeout, &mut guard, cancelled).await?;
    let mut session = Session::new(SessionSetup {
        settings,
        store,
        tuned,
        timeout,
        record_tasks: !args.no_tasks,
        results,
        watchers,
        guard,
        cancelled: cancelled.clone(),
    });
    'all: for (index, loaded) in workloads.iter().enumerate() {
        let file = &session.compiled_file(loaded)?;
        // The first client finds cold caches, so a different one is first for each workload.
        let order = clients.iter().zip(&refusals).cycle().skip(index % clients.len()).take(clients.len());
        for (client, refusal) in order {
            let one = OneRun { loaded, file, client, refusal: refusal.as_deref(), verify: args.verify };
            if one.execute(&mut session).await? == Outcome::Interrupted {
                break 'all;
            }
        }
    }
    let id = session.id().to_owned();
    let results = session.finish().await;
    let mut runs = results.runs(&RunFilter { session: Some(id.to_string()), ..RunFilter::default() })?;
    runs.reverse();
    let context = Context::of(&results, &runs)?;
    Ok((runs, context))
}

fn show(format: RunFormat, runs: &[RunRecord], context: &Context) -> io::Result<()> {
    match format {
        RunFormat::Table => terminal::data(&format!("\n{}", results::summary_table(runs, context))),
        RunFormat::Json => results::write_records(runs, &mut io::stdout().lock())?,
    }
    summary::tell_skipped(runs);
    Ok(())
}
