//! The client `crt-rust`: the AWS CRT through crate mountpoint-s3-client. The CRT splits objects, signs, sends, retries
//! and paces on threads of its own, planned for the target throughput.
//!
//! It tells of each request as it ends; a failed one counts as sent again unless its task failed. Without a checksum
//! none is computed; uploads can carry one, downloads are validated against none.

mod credentials;
mod download;
mod failure;
mod ledger;
#[cfg(test)]
mod tests;
mod upload;
mod window;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mountpoint_s3_client::S3CrtClient;
use mountpoint_s3_client::config::{AddressingStyle, Allocator, EndpointConfig, S3ClientConfig, Uri};
use workload_schema::event::Hello;
use workload_schema::{Checksum, Operation};

use self::ledger::Ledger;
use crate::endpoint::Counters;
use crate::native::{Client, ClientSettings, Job, MakeError, Moved, PartSize, TaskFuture, contiguous, crate_version};

/// What the CRT plans a connection for, in gigabit/s.
const GBPS_PER_CONNECTION: f64 = 0.4;
/// It makes no fewer connections.
const LEAST_CONNECTIONS: usize = 10;
/// How long stopped uploads may take to be aborted: the CRT does that by itself when they are dropped.
const ABORT_PATIENCE: Duration = Duration::from_secs(10);

/// The client over the AWS CRT.
#[derive(Debug)]
pub struct CrtRustClient {
    crt: S3CrtClient,
    bucket: String,
    checksum: Option<Checksum>,
    part_size: PartSize,
    ledger: Arc<Ledger>,
    hello: Hello,
}

impl CrtRustClient {
    /// A client for the store and target throughput of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        if !settings.files_on_disk {
            contiguous::make();
        }
        let connections = settings.connections().max(LEAST_CONNECTIONS);
        let ledger = Arc::new(Ledger::default());
        let part_size = usize::try_from(settings.part_size().get()).map_err(|error| unusable(&error))?;
        let config = S3ClientConfig::new()
            .auth_config(credentials::of(&settings.connection)?)
            .endpoint_config(endpoint(settings)?)
            .throughput_target_gbps(target_gbps(settings))
            .part_size(part_size)
            .telemetry_callback(Arc::clone(&ledger) as _)
            // Bytes that are dropped cannot pile up; those for a disk that is slower than the network would.
            .read_backpressure(settings.files_on_disk)
            .initial_read_window(window::window(connections, settings.tasks_in_flight(), part_size));
        // Its construction waits for threads to start and for files of credentials to be read.
        let made = tokio::task::spawn_blocking(|| S3CrtClient::new(config)).await;
        let crt = made.map_err(|error| unusable(&error))?.map_err(|error| unusable(&error))?;
        Ok(Self {
            crt,
            bucket: settings.bucket.as_str().to_owned(),
            checksum: settings.checksum,
            part_size: settings.part_size(),
            ledger,
            hello: Hello {
                connections: Some(connections as u64),
                // A checksum goes in a header for objects in one piece, in trailers for parts.
                ..settings.hello("crt-rust", &crate_version::MOUNTPOINT_CLIENT)
            },
        })
    }
}

fn unusable(error: &dyn std::error::Error) -> MakeError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    MakeError::Fail(format!("crt-rust: {error}{cause}"))
}

/// The target, or the throughput that the CRT makes the tuned number of connections for.
fn target_gbps(settings: &ClientSettings) -> f64 {
    match settings.tuned.connections {
        Some(_) => settings.connections() as f64 * GBPS_PER_CONNECTION,
        None => settings.target.get(),
    }
}

fn endpoint(settings: &ClientSettings) -> Result<EndpointConfig, MakeError> {
    let config = EndpointConfig::new(&settings.connection.region);
    let Some(url) = &settings.connection.endpoint_url else { return Ok(config) };
    let uri = Uri::new_from_str(&Allocator::default(), url.trim_end_matches('/'))
        .map_err(|error| MakeError::Fail(format!("crt-rust: endpoint {url}: {error}")))?;
    Ok(config.endpoint(uri).addressing_style(AddressingStyle::Path))
}

impl Client for CrtRustClient {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn counters(&self) -> Counters {
        let (requests, retries) = (self.ledger.requests(), self.ledger.retries());
        Counters { requests: Some(requests), retries: Some(retries), backoff: None }
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        async move {
            let result = match job.operation {
                Operation::Upload => self.upload(job, moved).await,
                Operation::Download => self.download(job, moved).await,
            };
            if result.is_err() {
                self.ledger.add_not_repeated();
            }
            result
        }
        .boxed()
    }

    /// Waits until the CRT has aborted what was dropped.
    fn abort(&self) -> BoxFuture<'_, usize> {
        async move {
            // Whatever the patience ends with is told by the ledger.
            let _ = tokio::time::timeout(ABORT_PATIENCE, self.ledger.all_ended()).await;
            self.ledger.open_uploads()
        }
        .boxed()
    }
}
