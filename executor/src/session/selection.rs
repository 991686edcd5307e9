//! What is to be run: workloads by name, clients by id, and what must be there before either can start.

use crate::prep;
use crate::settings::Settings;
use crate::store::Store;
use s3_clients::catalog::{ALL, Availability, Entry, Launch};
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_library::{Library, LoadError, LoadedWorkload, LookupError};

/// A client with all that it takes to start it.
pub struct Chosen {
    /// Its entry in the catalog.
    pub entry: Entry,
    /// How it is started; or why not, where all clients were asked for and this one is not there.
    pub launch: Result<Launch, String>,
}

/// A workload or a client that was named cannot be used. The reasons were printed, all of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// The workloads that were named. The reasons are printed where one cannot be used.
pub fn workloads(names: &[String], settings: &Settings) -> Result<Vec<LoadedWorkload>, Refused> {
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let mut workloads = Vec::new();
    let mut is_refused = false;
    for wanted in names {
        match library.find(wanted) {
            Ok(workload) => workloads.push(workload),
            // Contract 4: what only a later release knows is skipped, not failed.
            Err(LookupError::Load(LoadError::UnknownVersion { text, .. })) => {
                terminal::note(&format!("skipped: {wanted}\n{text}"));
            }
            Err(error) => {
                is_refused = true;
                terminal::error(&error.to_string());
            }
        }
    }
    if is_refused { Err(Refused) } else { Ok(workloads) }
}

/// The clients that were asked for. One that was named and is not there stops everything before it begins.
pub fn clients(ids: &[String], settings: &Settings) -> Result<Vec<Chosen>, Refused> {
    let tell = |error: &dyn std::fmt::Display| {
        terminal::error(&error.to_string());
        Refused
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
    if missing { Err(Refused) } else { Ok(chosen) }
}

/// The ids of contract 5 for `ids`, which may be older aliases. The reason is printed where one is unknown.
pub fn client_ids(ids: &[String], settings: &Settings) -> Result<Vec<String>, Refused> {
    let found = settings
        .catalog()
        .and_then(|catalog| ids.iter().map(|id| catalog.find(id).map(|entry| entry.id.clone())).collect());
    found.map_err(|error| {
        terminal::error(&error.to_string());
        Refused
    })
}

/// Makes missing files, and on the embedded server missing objects: neither costs a transfer.
pub async fn prepare(
    store: &Store,
    workloads: &[LoadedWorkload],
    settings: &Settings,
    cancelled: &CancellationToken,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.files_dir.value)?;
    if store.embedded.is_none() && workloads.iter().all(|loaded| !loaded.workload.on_disk()) {
        return Ok(());
    }
    let work = prep::PrepWork::of(workloads)?;
    prep::disk::check(&settings.files_dir.value, prep::disk::needed_by_downloads(&work, &settings.files_dir.value))?;
    prep::ensure_files(&work, &settings.files_dir.value, cancelled).await?;
    prep::ensure_declared(store, &work, cancelled).await?;
    Ok(())
}
