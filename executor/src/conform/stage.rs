//! The stage on which clients are examined: a recording server of our own, and files in a temporary folder.
//!
//! No client is sent to the store of the settings: only the server's side shows what a client really does.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;
use workload_schema::format::run_file;
use workload_schema::workload::Stop;

use embedded_s3::admin::{AdminClient, AdminError, FaultKind, FaultRule, RecordingRequest, RequestRecord};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use workload_schema::{BucketName, Scale};

use super::forms::Form;
use crate::ending::CommandError;
use crate::prep::{self, PrepError, PrepWork};
use crate::settings::Settings;
use crate::store::{EmbeddedServer, Store};
use workload_library::LoadedWorkload;

const BUCKET: &str = "wlx-conform";
/// Offset of the corrupted byte: neither in the header of some format nor at the end.
const CORRUPTED_BYTE: u64 = 1000;
/// Most requests that are recorded. A form has a few thousand.
const MOST_RECORDS: usize = 1_000_000;
/// How long the server may take to notice that a process is gone and has abandoned its requests.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A running server with the objects of all forms, and a folder with their files.
#[derive(Debug)]
pub struct Stage {
    /// The server, as a store.
    pub store: Store,
    /// Working directory of clients.
    pub files_dir: PathBuf,
    admin: AdminClient,
    folder: TempDir,
}

/// A form as runners are given it.
#[derive(Debug)]
pub struct Staged {
    /// The form, with the path of its file.
    pub loaded: LoadedWorkload,
    /// The path of the same form with one repeat only.
    pub once: PathBuf,
}

impl Stage {
    /// Starts the server and makes what `forms` need.
    pub async fn set(
        settings: &Settings,
        forms: &[Form],
        stop: &CancellationToken,
    ) -> Result<(Self, Vec<Staged>), CommandError> {
        std::fs::create_dir_all(&settings.state_dir)?;
        // On the user's own disk, as temporary folders are often in memory.
        let folder = tempfile::Builder::new().prefix("conform-").tempdir_in(&settings.state_dir)?;
        let files_dir = folder.path().join("files");
        std::fs::create_dir_all(&files_dir)?;
        let staged = forms.iter().map(|form| staged(form, &folder)).collect::<Result<Vec<_>, CommandError>>()?;
        let server = EmbeddedServer::start(&folder.path().join("s3"), &settings.region.value).await?;
        let ready = server.ready().clone();
        let bucket = BucketName::new(BUCKET).expect("a valid name");
        let store = Store { connection: ready.connection(), bucket, embedded: Some(server) };
        let admin = AdminClient::new(&ready.endpoint, &ready.admin_token)?;
        let stage = Self { store, files_dir, admin, folder };
        match stage.furnish(&staged, stop).await {
            Ok(()) => Ok((stage, staged)),
            Err(error) => {
                stage.strike().await;
                Err(error)
            }
        }
    }

    async fn furnish(&self, staged: &[Staged], stop: &CancellationToken) -> Result<(), CommandError> {
        let loaded: Vec<LoadedWorkload> = staged.iter().map(|staged| staged.loaded.clone()).collect();
        self.make(&loaded, stop).await.map_err(CommandError::Preparation)?;
        self.admin.set_recording(&RecordingRequest { enabled: true, capacity: Some(MOST_RECORDS) }).await?;
        Ok(())
    }

    async fn make(&self, loaded: &[LoadedWorkload], stop: &CancellationToken) -> Result<(), PrepError> {
        let work = PrepWork::of(loaded)?;
        prep::ensure_files(&work, &self.files_dir, stop).await?;
        prep::ensure_declared(&self.store, &work, stop).await
    }

    /// Forgets what was recorded so far.
    pub async fn forget(&self) -> Result<(), AdminError> {
        self.admin.records(true).await?;
        Ok(())
    }

    /// All requests since the last [`Stage::forget`]. Waits until pending ones have ended.
    pub async fn records(&self) -> Result<Vec<RequestRecord>, CommandError> {
        let asked = tokio::time::Instant::now();
        while self.admin.status().await?.under_way > 0 && asked.elapsed() < PATIENCE {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let recorded = self.admin.records(true).await?;
        match recorded.dropped {
            0 => Ok(recorded.records),
            dropped => Err(CommandError::Unrecorded(dropped)),
        }
    }

    /// Corrupts one bit in the body of every object that is read from now on, or stops doing so.
    pub async fn corrupt_bodies(&self, corrupt: bool) -> Result<(), AdminError> {
        let rule = FaultRule::always(FaultKind::CorruptBody { offset: CORRUPTED_BYTE })
            .on(run_records::analysis::conformance::READ);
        self.admin.set_faults(if corrupt { vec![rule] } else { Vec::new() }).await?;
        Ok(())
    }

    /// How many bodies were corrupted since that was turned on.
    pub async fn corrupted(&self) -> Result<u64, AdminError> {
        Ok(self.admin.faults().await?.rules.iter().map(|hits| hits.done).sum())
    }

    /// Stops the server and removes the folder.
    pub async fn strike(self) {
        self.store.close().await;
        drop(self.folder);
    }
}

fn staged(form: &Form, folder: &TempDir) -> Result<Staged, CommandError> {
    let file = |repeats: Option<NonZeroU64>, below: &str| -> Result<PathBuf, CommandError> {
        let stop = form.workload.stop();
        let max_repeats = repeats.unwrap_or(stop.max_repeats);
        let workload = form.workload.clone().with_stop(Stop { max_repeats, ..stop });
        let path = folder.path().join(below).join(format!("{}.run.json", form.name));
        std::fs::create_dir_all(folder.path().join(below))?;
        std::fs::write(&path, run_file::bytes(&workload)?)?;
        Ok(path)
    };
    let path = file(None, "forms")?;
    let loaded = LoadedWorkload::read(&path, Scale::ONE).map_err(|error| CommandError::Preparation(error.into()))?;
    Ok(Staged { loaded, once: file(Some(NonZeroU64::MIN), "once")? })
}
