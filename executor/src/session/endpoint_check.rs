//! Checks before a run whether a client really goes to the endpoint that it is given.
//!
//! Some ignore a custom endpoint, or its port, and call AWS instead: their numbers would be those of another store.
//! So each client that could do that is first sent to a server of ours, with credentials that are valid nowhere else.
//! The server's record of requests shows whether the client reached it.

use std::num::NonZeroU64;
use std::path::Path;
use std::time::Duration;
use workload_schema::format::run_file;
use workload_schema::workload::Stop;

use embedded_s3::admin::{AdminClient, DeclareRequest, DeclaredObject, RecordingRequest};
use runner_drive::{Call, Discard, Guard, Times, drive};
use s3_clients::catalog::Launch;
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_schema::SessionId;
use workload_schema::event::Tuned;
use workload_schema::record::Outcome;
use workload_schema::{ObjectKey, Operation, Task, Workload};

use super::environment::variables;
use super::selection::Chosen;
use crate::ending::CommandError;
use crate::store::{EmbeddedServer, Store};

const BUCKET: &str = "wlx-reach";
const KEY: &str = "download/reach/1";
const SIZE: u64 = 4096;
/// A client that hangs on an endpoint far away must not hold up the others.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Whether a client reached the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The client reached it.
    Reaches,
    /// The client skipped the check, for this reason.
    Unknown(String),
    /// The client did not reach it, and said this.
    Elsewhere(String),
}

/// For each client, why it must not be run on `store` if it does not go to the endpoint that it is given.
pub async fn endpoint_refusals(
    clients: &[Chosen],
    store: &Store,
    timeout: Duration,
    guard: &mut Guard,
    cancelled: &CancellationToken,
) -> Result<Vec<Option<String>>, CommandError> {
    let mut refusals = Vec::new();
    for client in clients {
        let is_asked = store.connection.endpoint_url.is_some() && client.entry.may_leave_the_endpoint();
        let (Ok(launch), true) = (&client.launch, is_asked) else {
            refusals.push(None);
            continue;
        };
        let id = &client.entry.id;
        refusals.push(match check_endpoint(launch, &store.connection.region, timeout, guard, cancelled).await? {
            Reach::Reaches => None,
            Reach::Unknown(reason) => {
                terminal::note(&format!("not known whether {id} goes to the endpoint: {reason}"));
                None
            }
            Reach::Elsewhere(words) => Some(format!(
                "{id} does not go to the endpoint that it is given: nothing arrived at a server of wlx, asked before \
                 the run; {words}"
            )),
        });
    }
    Ok(refusals)
}

/// Sends the client of `launch` to a server of ours.
pub async fn check_endpoint(
    launch: &Launch,
    region: &str,
    timeout: Duration,
    guard: &mut Guard,
    cancelled: &CancellationToken,
) -> Result<Reach, CommandError> {
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
    cancelled: &CancellationToken,
) -> Result<Reach, CommandError> {
    let ready = server.ready();
    let (admin, connection) = (AdminClient::new(&ready.endpoint, &ready.admin_token)?, ready.connection());
    let object = DeclaredObject { bucket: BUCKET.into(), key: KEY.into(), size: SIZE, checksum: None };
    admin.declare(&DeclareRequest { ensure_bucket: Some(BUCKET.into()), objects: vec![object] }).await?;
    admin.set_recording(&RecordingRequest { enabled: true, capacity: None }).await?;
    let (workload, workload_file, files_dir) = (question(), folder.join("reach.run.json"), folder.join("files"));
    std::fs::write(&workload_file, run_file::bytes(&workload)?)?;
    // Not all existing runners make this folder themselves.
    std::fs::create_dir_all(files_dir.join("download/reach"))?;
    let call = Call {
        run: SessionId::new("reach").unwrap().run(1),
        program: &launch.program,
        arguments: &launch.arguments,
        variables: variables(launch, &connection),
        workload: &workload,
        workload_file: &workload_file,
        bucket: BUCKET,
        region: &connection.region,
        target_gbps: 1.0,
        files_dir: &files_dir,
        endpoint_url: connection.endpoint_url.as_deref(),
        tuned: Tuned::default(),
        record_tasks: false,
        server: None,
        timeout,
    };
    let driven = drive(&call, &mut Times(1), &mut Discard, guard, cancelled).await?;
    let came = admin.records(false).await?.records.iter().any(|record| record.key.as_deref() == Some(KEY));
    Ok(match (came, driven.outcome) {
        (true, _) => Reach::Reaches,
        (false, Outcome::Skipped) => Reach::Unknown(driven.reason.unwrap_or_default()),
        (false, _) => Reach::Elsewhere(driven.reason.unwrap_or_else(|| "it said that all went well".to_owned())),
    })
}

/// One small download to disk, which every client can do.
fn question() -> Workload {
    let key = ObjectKey::new(KEY).expect("a valid key");
    Workload::of_tasks([Task { operation: Operation::Download, key, size: SIZE }])
        .expect("one task")
        .with_comment("whether a client reaches the endpoint that it is given")
        .with_stop(Stop { max_repeats: NonZeroU64::MIN, max_seconds: NonZeroU64::MIN })
}
