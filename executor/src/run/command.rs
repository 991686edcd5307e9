//! The command: what is run, on what, in which order, and what is said of it.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use workload_schema::exit_code;
use workload_schema::record::{Machine, Outcome, RunRecord};

use super::child::Call;
use super::compiled_file::CompiledFile;
use super::event_pipe::EventPipe;
use super::session::{Session, SessionEnd};
use super::summary;
use crate::clients::ClientId;
use crate::library::{Library, LoadError, LoadedWorkload, LookupError};
use crate::measure::machine::this_machine;
use crate::prep;
use crate::results;
use crate::runner::{Cancel, Cancelled};
use crate::settings::Settings;
use crate::store::{NewRun, RunFilter, Store};
use crate::target::Target;
use crate::terminal;

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
    /// Clients, separated by commas
    #[arg(long, value_name = "ID", value_delimiter = ',', default_value = "sdk-rust")]
    pub client: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: RunFormat,
}

/// Runs everything asked for; answers the exit code.
pub async fn run(args: &RunArgs, settings: &Settings) -> anyhow::Result<u8> {
    let (workloads, clients) = match checked(args, settings) {
        Ok(checked) => checked,
        Err(code) => return Ok(code),
    };
    let (cancel, mut cancelled) = Cancel::new();
    cancel.raise_on_signals()?;
    let target = Target::open(settings).await?;
    let result = match prepare(&target, &workloads, settings).await {
        Ok(()) => run_all(args, settings, &target, &workloads, &clients, &mut cancelled).await,
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
fn checked(args: &RunArgs, settings: &Settings) -> Result<(Vec<LoadedWorkload>, Vec<ClientId>), u8> {
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
    let clients: Result<Vec<ClientId>, _> =
        args.client.iter().map(|id| id.parse().map_err(|error| terminal::error(&format!("{error}")))).collect();
    match clients {
        Ok(clients) if !refused && !workloads.is_empty() => Ok((workloads, clients)),
        Ok(_) if !refused => Err(exit_code::SKIPPED),
        _ => Err(exit_code::USAGE),
    }
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
    clients: &[ClientId],
    cancelled: &mut Cancelled,
) -> anyhow::Result<Vec<RunRecord>> {
    let mut store = Store::open(&settings.db.value)?;
    let machine = this_machine();
    let session = session_id(&machine);
    let mut interrupted = false;
    for (index, loaded) in workloads.iter().enumerate() {
        let file = CompiledFile::of(loaded, &settings.state_dir)?;
        // Whoever goes first finds cold caches: take turns at it.
        let order = clients.iter().cycle().skip(index % clients.len()).take(clients.len());
        for client in order {
            let new_run = new_run(&session, loaded, &file, *client, settings, target, &machine);
            let end = one(args, settings, target, &mut store, loaded, &file, &new_run, cancelled).await?;
            interrupted |= end.outcome == Outcome::Interrupted;
            if interrupted {
                break;
            }
        }
        if interrupted {
            break;
        }
    }
    let mut runs = store.runs(&RunFilter { session: Some(session), ..RunFilter::default() })?;
    runs.reverse();
    Ok(runs)
}

#[expect(clippy::too_many_arguments, reason = "one caller; a struct would be named once and say no more")]
async fn one(
    args: &RunArgs,
    settings: &Settings,
    target: &Target,
    store: &mut Store,
    loaded: &LoadedWorkload,
    file: &CompiledFile,
    new_run: &NewRun,
    cancelled: &mut Cancelled,
) -> anyhow::Result<SessionEnd> {
    let run_lines = args.format == RunFormat::Table;
    let title = format!("{} by {}", loaded.name, new_run.client);
    if run_lines {
        terminal::note(&title);
    }
    let run = store.begin_run(new_run)?;
    let mut pipe = EventPipe::new()?;
    let events = pipe.path().to_owned();
    let call = Call {
        client: &new_run.client,
        workload: &file.path,
        bucket: target.bucket.as_str(),
        target: settings.target_throughput.value.get(),
        files_dir: &settings.files_dir.value,
        connection: &target.connection,
        events: &events,
    };
    let mut session = Session { workload: &loaded.workload, store, run, title: &title, run_lines };
    let end = session.drive(&call, &mut pipe, cancelled).await?;
    store.end_run(run, end.outcome, end.reason.as_deref())?;
    Ok(end)
}

fn new_run(
    session: &str,
    loaded: &LoadedWorkload,
    file: &CompiledFile,
    client: ClientId,
    settings: &Settings,
    target: &Target,
    machine: &Machine,
) -> NewRun {
    let store_kind = if target.embedded.is_some() { "embedded server".to_owned() } else { target.connection.label() };
    NewRun {
        session: session.to_owned(),
        workload: loaded.name.clone(),
        workload_digest: file.digest.clone(),
        workload_bytes: loaded.workload.total_bytes(),
        workload_tasks: loaded.workload.tasks.len() as u64,
        scale: loaded.scale,
        client: client.to_string(),
        settings: BTreeMap::from([
            ("endpoint".to_owned(), store_kind),
            ("bucket".to_owned(), target.bucket.to_string()),
            ("region".to_owned(), target.connection.region.clone()),
            ("targetThroughputGbps".to_owned(), settings.target_throughput.value.to_string()),
            ("filesDir".to_owned(), settings.files_dir.value.display().to_string()),
        ]),
        wlx_version: env!("CARGO_PKG_VERSION").to_owned(),
        machine: machine.clone(),
    }
}

/// Names one `wlx run`: the time for people, the process id against two in the same moment.
fn session_id(machine: &Machine) -> String {
    format!("{}-{}-{}", jiff::Timestamp::now(), machine.host, std::process::id())
}

fn show(format: RunFormat, runs: &[RunRecord]) -> anyhow::Result<()> {
    match format {
        RunFormat::Table => terminal::data(&format!("\n{}", results::summary_table(runs))),
        RunFormat::Json => results::write_records(runs, &mut std::io::stdout().lock())?,
    }
    summary::tell_failures(runs);
    Ok(())
}
