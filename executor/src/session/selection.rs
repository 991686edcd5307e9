//! Selects workloads by name and clients by id, and prepares what they need before the first run.

use std::path::Path;

use crate::ending::{CommandError, Refusal};
use crate::prep::{self, PrepError};
use crate::settings::Settings;
use crate::store::Store;
use s3_clients::catalog::{ALL, Availability, CatalogError, Entry, Launch};
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_library::{Library, LoadError, LoadedWorkload, LookupError};

/// A client with everything that it takes to start it.
pub struct Chosen {
    /// Its entry in the catalog.
    pub entry: Entry,
    /// How it is started; or why not, if all clients were asked for and this one is not installed.
    pub launch: Result<Launch, String>,
}

/// The workloads that were named, or a refusal for each that cannot be used.
pub fn workloads(names: &[String], settings: &Settings) -> Result<Vec<LoadedWorkload>, Vec<Refusal>> {
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let (mut workloads, mut refusals) = (Vec::new(), Vec::new());
    for wanted in names {
        match library.find(wanted) {
            Ok(workload) => workloads.push(workload),
            // Contract 4: a workload that only a later release knows is skipped, and is no failure.
            Err(LookupError::Load(LoadError::UnknownVersion { text, .. })) => {
                terminal::note(&format!("skipped: {wanted}\n{text}"));
            }
            Err(error) => refusals.push(Refusal::Workload(error)),
        }
    }
    if refusals.is_empty() { Ok(workloads) } else { Err(refusals) }
}

/// The clients that were asked for, or a refusal for each that was named and is not installed.
pub fn clients(ids: &[String], settings: &Settings) -> Result<Vec<Chosen>, Vec<Refusal>> {
    let catalog = settings.catalog().map_err(only)?;
    let selected = catalog.select(ids).map_err(only)?;
    let named = |entry: &Entry| ids.iter().any(|id| id != ALL && catalog.find(id).is_ok_and(|it| it == entry));
    let (mut chosen, mut refusals) = (Vec::new(), Vec::new());
    for entry in selected {
        let launch = match Availability::of(entry, &catalog) {
            Availability::Ready => Ok(Launch::of(entry, &catalog).map_err(|error| vec![Refusal::Launch(error)])?),
            Availability::Missing(how) if named(entry) => {
                refusals.push(Refusal::NotInstalled { client: entry.id.clone(), how });
                continue;
            }
            Availability::Missing(how) => Err(format!("not installed: {how}")),
        };
        chosen.push(Chosen { entry: entry.clone(), launch });
    }
    if refusals.is_empty() { Ok(chosen) } else { Err(refusals) }
}

/// The ids of contract 5 for `ids`, which may be older aliases.
pub fn client_ids(ids: &[String], settings: &Settings) -> Result<Vec<String>, CatalogError> {
    let catalog = settings.catalog()?;
    ids.iter().map(|id| catalog.find(id).map(|entry| entry.id.clone())).collect()
}

fn only(error: CatalogError) -> Vec<Refusal> {
    vec![Refusal::Client(error)]
}

/// Makes missing files and, on the embedded server, missing objects: neither costs a transfer.
pub async fn prepare(
    store: &Store,
    workloads: &[LoadedWorkload],
    settings: &Settings,
    cancelled: &CancellationToken,
) -> Result<(), CommandError> {
    let files_dir = &settings.files_dir.value;
    std::fs::create_dir_all(files_dir)?;
    if store.embedded.is_none() && workloads.iter().all(|loaded| !loaded.workload.on_disk()) {
        return Ok(());
    }
    make(store, workloads, files_dir, cancelled).await.map_err(CommandError::Preparation)
}

async fn make(
    store: &Store,
    workloads: &[LoadedWorkload],
    files_dir: &Path,
    cancelled: &CancellationToken,
) -> Result<(), PrepError> {
    let work = prep::PrepWork::of(workloads)?;
    prep::disk::check(files_dir, prep::disk::needed_by_downloads(&work, files_dir))?;
    prep::ensure_files(&work, files_dir, cancelled).await?;
    prep::ensure_declared(store, &work, cancelled).await
}
