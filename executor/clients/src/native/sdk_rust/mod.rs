//! The client `sdk-rust`: crate aws-sdk-s3 as its makers recommend it for throughput. Parts of 8 MiB,
//! multipart upload, ranged parallel download, as many requests in flight as the target throughput asks for.

mod download;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::config::RequestChecksumCalculation;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::{Action, Checksum};

use super::open_uploads::OpenUploads;
use super::{Client, ClientSettings, Job, Moved, PartSize, TaskFuture};
use crate::endpoint::RequestCounter;

/// See the module.
#[derive(Debug)]
pub struct SdkRustClient {
    shared: Arc<Shared>,
    hello: Hello,
}

/// What the parts of all tasks share.
#[derive(Debug)]
struct Shared {
    s3: aws_sdk_s3::Client,
    bucket: String,
    checksum: Option<Checksum>,
    part_size: PartSize,
    counter: RequestCounter,
    /// One permit a request in flight, over all tasks.
    requests: Arc<Semaphore>,
    open_uploads: OpenUploads,
}

impl SdkRustClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Self {
        let counter = RequestCounter::default();
        let shared = Shared {
            s3: sending(settings.checksum, settings.connection.s3(&counter).await),
            bucket: settings.bucket.as_str().to_owned(),
            checksum: settings.checksum,
            part_size: settings.part_size(),
            counter,
            requests: Arc::new(Semaphore::new(settings.connections())),
            open_uploads: OpenUploads::default(),
        };
        Self { shared: Arc::new(shared), hello: hello(settings) }
    }
}

fn hello(settings: &ClientSettings) -> Hello {
    let version = format!("aws-sdk-s3 {}", aws_sdk_s3::meta::PKG_VERSION);
    Hello {
        checksum_placement: Some(match settings.checksum {
            Some(_) => ChecksumPlacement::Trailer,
            None => ChecksumPlacement::None,
        }),
        buffer_residency: Some(if settings.files_on_disk { BufferResidency::Part } else { BufferResidency::Streamed }),
        ..settings.hello("sdk-rust", &version)
    }
}

/// The client with checksums on its uploads where the workload wants one.
///
/// A connection's client sends them only where S3 requires one, and then drops even an algorithm that is set.
fn sending(checksum: Option<Checksum>, s3: aws_sdk_s3::Client) -> aws_sdk_s3::Client {
    if checksum.is_none() {
        return s3;
    }
    let config = s3.config().to_builder().request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
    aws_sdk_s3::Client::from_conf(config.build())
}

fn sdk_checksum(checksum: Checksum) -> aws_sdk_s3::types::ChecksumAlgorithm {
    aws_sdk_s3::types::ChecksumAlgorithm::from(checksum.as_str())
}

impl Client for SdkRustClient {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn requests(&self) -> Option<u64> {
        Some(self.shared.counter.requests())
    }

    fn retries(&self) -> Option<u64> {
        Some(self.shared.counter.retries())
    }

    fn backoff(&self) -> Option<Duration> {
        Some(self.shared.counter.backoff())
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.action {
            Action::Upload => upload::upload(&self.shared, job, moved).boxed(),
            Action::Download => download::download(&self.shared, job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = move |upload_id, key| async move {
            let Shared { s3, bucket, .. } = &*self.shared;
            s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(upload_id).send().await.is_ok()
        };
        self.shared.open_uploads.abort_all(abort).boxed()
    }
}
