//! What is to be run: workloads by name, clients by id, and what has to be there before either can.

use std::time::Duration;

use super::guard::Guard;
use super::reach;
use crate::prep;
use crate::settings::Settings;
use crate::store::Store;
use client_runner::Cancelled;
use s3_clients::catalog::{ALL, Availability, Entry, Launch};
use wlx_terminal as terminal;
use workload_library::{Library, LoadError, LoadedWorkload, LookupError};

/// A client with all that it takes to start it.
pub struct Chosen {
    /// Who it is.
    pub entry: Entry,
    /// How it is started; or why not, where all clients were asked for and this one is not there.
    pub launch: Result<Launch, String>,
}

/// Something cannot be had; why was told already, all of it at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told;

/// The workloads that were named; the reasons are told where one cannot be had.
pub fn workloads(names: &[String], settings: &Settings) -> Result<Vec<LoadedWorkload>, Told> {
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let mut workloads = Vec::new();
    let mut refused = false;
    for wanted in names {
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
    if refused { Err(Told) } else { Ok(workloads) }
}

/// The clients that were asked for. One that was named and is not there stops everything before it begins.
pub fn clients(ids: &[String], settings: &Settings) -> Result<Vec<Chosen>, Told> {
    let tell = |error: &dyn std::fmt::Display| {
        terminal::error(&error.to_string());
        Told
    };
    let catalog = settings.catalog().map_err(|error| tell(&error))?;
    let selected = catalog.select(ids).map_err(|error| tell(&error))?;
    let named = |entry: &Entry| ids.iter().any(|id| id != ALL && catalog.find(id).is_ok_and(|it| it == entry));
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
    if missing { Err(Told) } else { Ok(chosen) }
}

/// The ids of contract 5 for `ids`, which may be older aliases; the reasons are told where one is unknown.
pub fn client_ids(ids: &[String], settings: &Settings) -> Result<Vec<String>, Told> {
    let found = settings
        .catalog()
        .and_then(|catalog| ids.iter().map(|id| catalog.find(id).map(|entry| entry.id.clone())).collect());
    found.map_err(|error| {
        terminal::error(&error.to_string());
        Told
    })
}

/// Makes missing files, and on the embedded server missing objects: neither costs a transfer.
pub async fn prepare(target: &Store, workloads: &[LoadedWorkload], settings: &Settings) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.files_dir.value)?;
    if target.embedded.is_none() && workloads.iter().all(|loaded| !loaded.workload.files_on_disk) {
        return Ok(());
    }
    let stop = prep::cancelled_by_signals();
    let work = prep::PrepWork::of(workloads)?;
    prep::disk::check(&settings.files_dir.value, prep::disk::needed_by_downloads(&work, &settings.files_dir.value))?;
    prep::ensure_files(&work, &settings.files_dir.value, &stop).await?;
    prep::ensure_declared(target, &work, &stop).await?;
    Ok(())
}

/// For each client why it must not be run, as it does not go where it is sent.
pub async fn keep_to_the_endpoint(
    clients: &[Chosen],
    target: &Store,
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
