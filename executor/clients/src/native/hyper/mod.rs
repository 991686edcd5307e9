//! The client `hyper`: the least that S3 needs, no SDK. Bare hyper and Signature V4, for the most load a core.
//!
//! Parts of 8 MiB, multipart upload, ranged parallel download, checksums in headers, up to three attempts.
//! Deliberately absent: redirects to other regions, directory buckets, presigned URLs, proxies, any cleverness about keys.

mod address;
mod body;
mod checksum;
mod connection;
mod download;
mod signer;
#[cfg(test)]
mod tests;
mod upload;
mod wire;
mod xml;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rustls::RootCertStore;
use tokio::sync::Semaphore;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::{Action, Checksum};

use self::address::Address;
use self::connection::{Pool, connector_trusting, system_roots};
use self::signer::Signer;
use self::wire::Wire;
use super::crate_version;
use super::open_uploads::OpenUploads;
use super::{Client, ClientSettings, Job, MakeError, Moved, PartSize, TaskFuture};
use crate::endpoint::RequestCounter;

const OPEN: &str = "the semaphore is never closed";

/// See the module.
#[derive(Debug)]
pub struct HyperClient {
    shared: Arc<Shared>,
    hello: Hello,
}

/// What the parts of all tasks share.
#[derive(Debug)]
struct Shared {
    wire: Wire,
    checksum: Option<Checksum>,
    part_size: PartSize,
    /// One permit a request in flight, over all tasks.
    requests: Arc<Semaphore>,
    open_uploads: OpenUploads,
}

impl HyperClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        let plain = settings.connection.is_plain_http();
        Self::trusting(if plain { RootCertStore::empty() } else { system_roots() }, settings).await
    }

    async fn trusting(roots: RootCertStore, settings: &ClientSettings) -> Result<Self, MakeError> {
        let address = Address::of(&settings.connection, &settings.bucket)?;
        let shared = Shared {
            wire: Wire {
                pool: Arc::new(Pool::new(address.origin.clone(), connector_trusting(roots))),
                address,
                signer: Signer::new(settings.connection.credentials().await, settings.connection.region.clone()),
                counter: RequestCounter::default(),
            },
            checksum: settings.checksum,
            part_size: settings.part_size(),
            requests: Arc::new(Semaphore::new(settings.connections())),
            open_uploads: OpenUploads::default(),
        };
        Ok(Self { shared: Arc::new(shared), hello: hello(settings) })
    }
}

fn hello(settings: &ClientSettings) -> Hello {
    Hello {
        checksum_placement: Some(match settings.checksum {
            Some(_) => ChecksumPlacement::Header,
            None => ChecksumPlacement::None,
        }),
        buffer_residency: Some(if settings.files_on_disk { BufferResidency::Part } else { BufferResidency::Streamed }),
        ..settings.hello("hyper", &crate_version::HYPER)
    }
}

impl Client for HyperClient {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn requests(&self) -> Option<u64> {
        Some(self.shared.wire.counter.requests())
    }

    fn retries(&self) -> Option<u64> {
        Some(self.shared.wire.counter.retries())
    }

    fn backoff(&self) -> Option<Duration> {
        Some(self.shared.wire.counter.backoff())
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.action {
            Action::Upload => upload::upload(&self.shared, job, moved).boxed(),
            Action::Download => download::download(&self.shared, job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = async |upload_id: String, key: String| upload::abort(&self.shared, &key, &upload_id).await;
        self.shared.open_uploads.abort_all(abort).boxed()
    }
}
