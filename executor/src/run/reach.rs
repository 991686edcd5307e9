//! Whether a client really goes to the endpoint that it is given, asked before it is run.
//!
//! Some ignore a custom endpoint, or its port, and call AWS instead: their numbers would be those of another store.
//! So each that could is sent to a server of ours first, with credentials that are good nowhere else, and the server's
//! request record shows whether it came.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use embedded_s3::admin::{AdminClient, DeclareRequest, DeclaredObject, RecordingRequest};
use workload_schema::event::Tuned;
use workload_schema::record::Outcome;
use workload_schema::{Action, ObjectKey, Scale, Task, Workload, WorkloadDigest, WorkloadName};

use super::child::Call;
use super::event_pipe::EventPipe;
use super::guard::Guard;
use super::session::Session;
use crate::store::EmbeddedServer;
use crate::watch::Watchers;
use client_runner::Cancelled;
use run_records::results_file::{NewRun, ResultsFile};
use s3_clients::catalog::Launch;
use system_measure::machine::this_machine;

const BUCKET: &str = "wlx-reach";
const KEY: &str = "download/reach/1";
const SIZE: u64 = 4096;
/// A client that hangs on an endpoint far away must not hold up the others.
const TIMEOUT: Duration = Duration::from_mins(1);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It came.
    Reaches,
    /// It could not be asked, as it skips the question; why.
    Unknown(String),
    /// It did not come; what it said.
    Elsewhere(String),
}

/// Sends the client of `launch` to a server of ours.
pub async fn probe(
    launch: &Launch,
    region: &str,
    timeout: Duration,
    guard: &mut Guard,
    cancelled: &mut Cancelled,
) -> anyhow::Result<Reach> {
    let folder = tempfile::Builder::new().prefix("wlx-reach-").tempdir()?;
    let server = EmbeddedServer::start(&folder.path().join("s3"), region).await?;
    let result = ask(launch, &server, folder.path(), timeout.min(TIMEOUT), guard, cancelled).await;
    server.stop().await;
    result
}

async fn ask(
    launch: &Launch,
    server: &EmbeddedServer,
    folder: &Path,
    timeout: Duration,
    guard: &mut Guard,
    cancelled: &mut Cancelled,
) -> anyhow::Result<Reach> {
    let ready = server.ready();
    let (admin, connection) = (AdminClient::new(&ready.endpoint, &ready.admin_token)?, ready.connection());
    let object = DeclaredObject { bucket: BUCKET.into(), key: KEY.into(), size: SIZE, checksum: None };
    admin.declare(&DeclareRequest { ensure_bucket: Some(BUCKET.into()), objects: vec![object] }).await?;
    admin.set_recording(&RecordingRequest { enabled: true, capacity: None }).await?;
    let workload = question();
    let path = folder.join("reach.run.json");
    std::fs::write(&path, serde_json::to_vec(&workload)?)?;
    let files_dir = folder.join("files");
    // Existing runners do not all make it themselves.
    std::fs::create_dir_all(files_dir.join("download/reach"))?;
    let pipe = EventPipe::new()?;
    let events = pipe.path().to_owned();
    let call = Call {
        launch,
        workload: &path,
        bucket: BUCKET,
        target: 1.0,
        files_dir: &files_dir,
        connection: &connection,
        events: &events,
        tuned: Tuned::default(),
        record_tasks: false,
        server: None,
    };
    let mut store = ResultsFile::open(&folder.join("reach.sqlite"))?;
    let run = store.begin_run(&not_recorded(&workload))?;
    let mut session = Session {
        workload: &workload,
        files_dir: &files_dir,
        store: &mut store,
        run,
        run_lines: false,
        verify: false,
        timeout,
        watchers: &mut Watchers::nobody(),
    };
    let end = session.drive(&call, pipe, guard, cancelled).await?;
    let came = admin.records(false).await?.records.iter().any(|record| record.key.as_deref() == Some(KEY));
    Ok(match (came, end.outcome) {
        (true, _) => Reach::Reaches,
        (false, Outcome::Skipped) => Reach::Unknown(end.reason.unwrap_or_default()),
        (false, _) => Reach::Elsewhere(end.reason.unwrap_or_else(|| "it said that all went well".to_owned())),
    })
}

/// One small download to disk: what every client can do.
fn question() -> Workload {
    let key = ObjectKey::new(KEY).expect("a valid key");
    Workload {
        version: 2,
        comment: "whether a client reaches the endpoint that it is given".to_owned(),
        files_on_disk: true,
        checksum: None,
        max_repeat_count: 1,
        max_repeat_secs: 1,
        tasks: vec![Task { action: Action::Download, key, size: SIZE }],
    }
}

/// The run that the question is, in a results file that nobody keeps.
fn not_recorded(workload: &Workload) -> NewRun {
    NewRun {
        session: "reach".to_owned(),
        workload: WorkloadName::new("reach").expect("a valid name"),
        workload_digest: WorkloadDigest::of(b""),
        workload_bytes: workload.total_bytes(),
        workload_tasks: workload.tasks.len() as u64,
        scale: Scale::ONE,
        client: "asked".to_owned(),
        settings: BTreeMap::new(),
        wlx_version: env!("CARGO_PKG_VERSION").to_owned(),
        machine: this_machine(),
    }
}
