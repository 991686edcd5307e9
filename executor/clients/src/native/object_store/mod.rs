//! The client `object-store`: crate `object_store`, feature `aws`. The crate sends single requests and retries them;
//! parts and ranges are its callers' tasks, as are the requests in flight.
//!
//! Payloads are unsigned, as `sdk-rust` sends them: signing would hash every payload over plain http too. Of checksums
//! the crate sends two, in a header, and validates none.

mod counted;
mod credentials;
mod download;
mod failure;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use object_store::RetryConfig;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use tokio::sync::Semaphore;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::{Action, Checksum};

use self::counted::CountedConnector;
use self::credentials::ChainCredentials;
use super::open_uploads::OpenUploads;
use super::{Client, ClientSettings, Job, MakeError, Moved, PartSize, TaskFuture, crate_version};
use crate::endpoint::{Failure, RequestCounter};

/// See the module.
#[derive(Debug)]
pub struct ObjectStoreClient {
    shared: Arc<Shared>,
    hello: Hello,
}

/// What the parts of all tasks share.
#[derive(Debug)]
struct Shared {
    store: AmazonS3,
    part_size: PartSize,
    counter: RequestCounter,
    /// One permit a request in flight, over all tasks.
    requests: Arc<Semaphore>,
    open_uploads: OpenUploads,
}

impl ObjectStoreClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        Self::with_retries(settings, RetryConfig::default()).await
    }

    async fn with_retries(settings: &ClientSettings, retries: RetryConfig) -> Result<Self, MakeError> {
        let counter = RequestCounter::default();
        let shared = Shared {
            store: store(settings, retries, &counter).await?,
            part_size: settings.part_size(),
            counter,
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
        ..settings.hello("object-store", &crate_version::OBJECT_STORE)
    }
}

async fn store(
    settings: &ClientSettings,
    retries: RetryConfig,
    counter: &RequestCounter,
) -> Result<AmazonS3, MakeError> {
    let connection = &settings.connection;
    let credentials = ChainCredentials::of(connection)
        .await
        .ok_or_else(|| MakeError::Fail("object-store: no source of credentials".to_owned()))?;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(settings.bucket.as_str())
        .with_region(&connection.region)
        .with_credentials(Arc::new(credentials))
        .with_http_connector(CountedConnector(counter.clone()))
        .with_retry(retries)
        .with_allow_http(connection.is_plain_http())
        // A zonal bucket needs session credentials, which the crate fetches itself.
        .with_s3_express(settings.bucket.as_str().ends_with("--x-s3"))
        .with_unsigned_payload(true);
    if let Some(endpoint) = &connection.endpoint_url {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(checksum) = checksum_of(settings)? {
        builder = builder.with_checksum_algorithm(checksum);
    }
    builder.build().map_err(|error| MakeError::Fail(format!("object-store: {error}")))
}

/// The workload's checksum as the crate names it, or why the crate cannot do such a workload.
fn checksum_of(settings: &ClientSettings) -> Result<Option<object_store::aws::Checksum>, MakeError> {
    match settings.checksum {
        None => Ok(None),
        Some(checksum) if settings.largest_download.is_some() => {
            Err(MakeError::Skip(format!("object_store does not validate the {checksum} of downloads")))
        }
        Some(Checksum::Sha256) => Ok(Some(object_store::aws::Checksum::SHA256)),
        Some(Checksum::Crc64nvme) => Ok(Some(object_store::aws::Checksum::CRC64NVME)),
        Some(checksum) => {
            Err(MakeError::Skip(format!("object_store cannot send {checksum}, only CRC64NVME and SHA256")))
        }
    }
}

/// The key of `job` as the crate takes it: as it stands, where `Path::from` would escape some letters.
fn path_of(job: &Job, operation: &str) -> Result<Path, Failure> {
    Path::parse(job.key.as_str()).map_err(|error| failure::of(operation, job, &error.into()))
}

impl Client for ObjectStoreClient {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn requests(&self) -> Option<u64> {
        Some(self.shared.counter.requests())
    }

    fn retries(&self) -> Option<u64> {
        Some(self.shared.counter.retries())
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.action {
            Action::Upload => upload::upload(&self.shared, job, moved).boxed(),
            Action::Download => download::download(&self.shared, job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = move |upload_id, key: String| async move {
            let Ok(path) = Path::parse(key) else { return false };
            self.shared.counter.add_operation();
            self.shared.store.abort_multipart(&path, &upload_id).await.is_ok()
        };
        self.shared.open_uploads.abort_all(abort).boxed()
    }
}
