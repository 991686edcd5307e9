//! The command: what is run, on what, in which order, and what is said of it.

use std::time::Duration;

use clap::{Args, ValueEnum};
use workload_schema::event::Tuned;
use workload_schema::exit_code;
use workload_schema::record::{Outcome, RunRecord};

use super::bar::Bar;
use super::guard::Guard;
use super::one::Runs;
use super::{reach, summary, tuned};
use crate::catalog::{ALL, Availability, Catalog, Entry, Launch};
use crate::library::{Library, LoadError, LoadedWorkload, LookupError};
use crate::prep;
use crate::results;
use crate::runner::{Cancel, Cancelled};
use crate::settings::Settings;
use crate::store::{RunFilter, Store};
use crate::target::Target;
use crate::terminal;
use crate::watch::Watchers;

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
    /// The same values for all clients that can be told, like part-size=16MiB,connections=32,files=8
    #[arg(long, value_name = "VALUES", num_args = 0..=1, require_equals = true, default_missing_value = tuned::AS_NATIVE)]
    pub tuned: Option<String>,
    /// Compare the contents of downloads and uploads, off the clock
    #[arg(long)]
    pub verify: bool,
    /// Give up on a client that ends no repeat for so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Keep no record of single tasks, only of repeats
    #[arg(long)]
    pub no_tasks: bool,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: RunFormat,
}

/// A client with all that it takes to start it.
pub struct Chosen {
    /// Who it is.
    pub entry: Entry,
    /// How it is started; or why not, where all clients were asked for and this one is not there.
    pub launch: Result<Launch, String>,
}

/// Runs everything asked for; answers the exit code.
pub async fn run(args: &RunArgs, settings: &Settings) -> anyhow::Result<u8> {
    let (workloads, clients, tuned) = match checked(args, settings) {
        Ok(checked) => checked,
        Err(code) => return Ok(code),
    };
    let (cancel, mut cancelled) = Cancel::new();
    cancel.raise_on_signals()?;
    let target = Target::open(settings).await?;
    let result = match prepare(&target, &workloads, settings).await {
        Ok(()) => run_all(args, settings, &target, &workloads, clients, tuned, &mut cancelled).await,
        Err(error) => Err(error),
    };
    target.close().await;
    let runs = match result {
        Ok(runs) => runs,
        Err(error) if cancel.is_raised() => {
            terminal::error(&format!("{error:#}"));
            return Ok(exit_code::INTERRUPTED);
        }
        Err(error) => return Err(error),
    };
    show(args.format, &runs)?;
    Ok(if cancel.is_raised() { exit_code::INTERRUPTED } else { summary::exit_code_of(&runs) })
}

/// What is to be run; the exit code, with the reasons told, where an argument does not fit or nothing is left to run.
fn checked(args: &RunArgs, settings: &Settings) -> Result<(Vec<LoadedWorkload>, Vec<Chosen>, Tuned), u8> {
    let workloads = workloads(args, settings);
    let clients = clients(args, settings);
    let tuned = args.tuned.as_ref().map(|text| tuned::parse(text, settings.target_throughput.value)).transpose();
    if let Err(reason) = &tuned {
        terminal::error(&format!("--tuned: {reason}"));
    }
    match (workloads, clients, tuned) {
        (Ok(workloads), Ok(_), Ok(_)) if workloads.is_empty() => Err(exit_code::SKIPPED),
        (Ok(workloads), Ok(clients), Ok(tuned)) => Ok((workloads, clients, tuned.unwrap_or_default())),
        _ => Err(exit_code::USAGE),
    }
}

fn workloads(args: &RunArgs, settings: &Settings) -> Result<Vec<LoadedWorkload>, ()> {
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let mut workloads = Vec::new();
    let mut refused = false;
    for wanted in &args.workloads {
        match library.find(wanted) {
            Ok(workload) => workloads.push(workload),
            // Contract 4: what only a later release knows is skipped, not failed.
            Err(LookupError::Load(LoadError::UnknownVersion { text, .. })) => {
                terminal::note(&format!("skipped: {wanted}\n{text}"));
            }
            Err(error) => {
                refused = true;
                terminal::error(&error.to_string());
            }
        }
    }
    if refused { Err(()) } else { Ok(workloads) }
}

/// The clients that were asked for. One that was named and is not there stops everything before it begins.
fn clients(args: &RunArgs, settings: &Settings) -> Result<Vec<Chosen>, ()> {
    let tell = |error: &dyn std::fmt::Display| terminal::error(&error.to_string());
    let catalog = Catalog::new(settings).map_err(|error| tell(&error))?;
    let selected = catalog.select(&args.client).map_err(|error| tell(&error))?;
    let named = |entry: &Entry| args.client.iter().any(|id| id != ALL && catalog.find(id).is_ok_and(|it| it == entry));
    let mut chosen = Vec::new();
    let mut missing = false;
    for entry in selected {
        let launch = match Availability::of(entry, &catalog) {
            Availability::Ready => Ok(Launch::of(entry, &catalog).map_err(|error| tell(&error))?),
            Availability::Missing(how) if named(entry) => {
                terminal::error(&format!("{} is not installed\nhint: {how}", entry.id));
                missing = true;
                continue;
            }
            Availability::Missing(how) => Err(format!("not installed: {how}")),
        };
        chosen.push(Chosen { entry: entry.clone(), launch });
    }
    if missing { Err(()) } else { Ok(chosen) }
}

/// Makes missing files, and on the embedded server missing objects: neither costs a transfer.
async fn prepare(target: &Target, workloads: &[LoadedWorkload], settings: &Settings) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.files_dir.value)?;
    if target.embedded.is_none() && workloads.iter().all(|loaded| !loaded.workload.files_on_disk) {
        return Ok(());
    }
    let stop = prep::Stop::on_signals();
    let work = prep::PrepWork::of(workloads)?;
    prep::disk::check(&settings.files_dir.value, prep::disk::needed_by_downloads(&work, &settings.files_dir.value))?;
    prep::ensure_files(&work, &settings.files_dir.value, &stop).await?;
    prep::ensure_declared(target, &work, &stop).await?;
    Ok(())
}

async fn run_all(
    args: &RunArgs,
    settings: &Settings,
    target: &Target,
    workloads: &[LoadedWorkload],
    mut clients: Vec<Chosen>,
    tuned: Tuned,
    cancelled: &mut Cancelled,
) -> anyhow::Result<Vec<RunRecord>> {
    let store = Store::open(&settings.db.value)?;
    let mut guard = Guard::start()?;
    let timeout = Duration::from_secs(args.timeout);
    let refused = keep_to_the_endpoint(&mut clients, target, timeout, &mut guard, cancelled).await?;
    let mut runs = Runs::new(args, settings, target, tuned, timeout, store, guard, watchers());
    'all: for (index, loaded) in workloads.iter().enumerate() {
        let file = runs.compiled_file(loaded)?;
        // Whoever goes first finds cold caches: take turns at it.
        let order = clients.iter().zip(&refused).cycle().skip(index % clients.len()).take(clients.len());
        for (client, refused) in order {
            if runs.one(loaded, &file, client, refused.as_deref(), cancelled).await? == Outcome::Interrupted {
                break 'all;
            }
        }
    }
    let (store, session) = runs.finish();
    let mut runs = store.runs(&RunFilter { session: Some(session), ..RunFilter::default() })?;
    runs.reverse();
    Ok(runs)
}

/// For each client why it must not be run, as it does not go where it is sent.
async fn keep_to_the_endpoint(
    clients: &mut [Chosen],
    target: &Target,
    timeout: Duration,
    guard: &mut Guard,
    cancelled: &mut Cancelled,
) -> anyhow::Result<Vec<Option<String>>> {
    let mut refused = Vec::new();
    for client in clients {
        let asked = target.connection.endpoint_url.is_some() && client.entry.may_leave_the_endpoint();
        let (Ok(launch), true) = (&client.launch, asked) else {
            refused.push(None);
            continue;
        };
        let id = &client.entry.id;
        refused.push(match reach::probe(launch, &target.connection.region, timeout, guard, cancelled).await? {
            reach::Reach::Reaches => None,
            reach::Reach::Unknown(reason) => {
                terminal::note(&format!("not known whether {id} goes to the endpoint: {reason}"));
                None
            }
            reach::Reach::Elsewhere(words) => Some(format!(
                "{id} does not go to the endpoint that it is given: nothing arrived at a server of wlx, asked before \
                 the run; {words}"
            )),
        });
    }
    Ok(refused)
}

/// Those who look on.
fn watchers() -> Watchers {
    let mut watchers = Watchers::nobody();
    watchers.add(Bar::default());
    watchers
}

fn show(format: RunFormat, runs: &[RunRecord]) -> anyhow::Result<()> {
    match format {
        RunFormat::Table => terminal::data(&format!("\n{}", results::summary_table(runs))),
        RunFormat::Json => results::write_records(runs, &mut std::io::stdout().lock())?,
    }
    summary::tell_failures(runs);
    Ok(())
}
