//! The client `sdk-rust-tm`: crate aws-sdk-s3-transfer-manager, which splits objects, schedules the requests of all
//! transfers on threads of its own and reads and writes files itself.
//!
//! Its configuration is built here, as its loader would ask the instance metadata service. What the SDK sends again is
//! counted as a retry; what the manager itself sends again (a part whose body broke off) as a new request.

mod failure;
mod open_watch;
mod ring_parts;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::types::ChecksumMode;
use aws_sdk_s3_transfer_manager::Config;
use aws_sdk_s3_transfer_manager::S3ClientConfig;
use aws_sdk_s3_transfer_manager::error::Error;
use aws_sdk_s3_transfer_manager::io::InputStream;
use aws_sdk_s3_transfer_manager::operation::download::DownloadOutput;
use aws_sdk_s3_transfer_manager::operation::download::builders::DownloadFluentBuilder;
use aws_sdk_s3_transfer_manager::operation::upload::ChecksumStrategy;
use aws_sdk_s3_transfer_manager::types::{ConcurrencyMode, IntegrityChecks, PartSize};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use synthetic_content::Content;
use workload_schema::ErrorKind;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::{Checksum, Operation};

use self::open_watch::OpenWatch;
use self::ring_parts::RingParts;
use crate::endpoint::{Counters, Failure, RequestCounter};
use crate::native::open_uploads::OpenUploads;
use crate::native::{
    Client, ClientSettings, DataPlace, Job, MakeError, Moved, TaskDone, TaskFuture, contiguous, crate_version,
};

/// From this size on the manager uploads in parts, if its makers are asked.
const MAKERS_THRESHOLD: u64 = 16 << 20;

/// The client over AWS's transfer manager.
#[derive(Debug)]
pub struct TransferManagerClient {
    manager: aws_sdk_s3_transfer_manager::Client,
    /// For what the manager does not do: aborting the uploads of stopped tasks.
    s3: aws_sdk_s3::Client,
    bucket: String,
    checksum: Option<Checksum>,
    /// Bytes from which on an upload is one in parts.
    threshold: u64,
    counter: RequestCounter,
    open_uploads: Arc<OpenUploads>,
    hello: Hello,
}

impl TransferManagerClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        if !settings.files_on_disk {
            contiguous::make();
        }
        let counter = RequestCounter::default();
        let open_uploads = Arc::new(OpenUploads::default());
        let s3 = settings.connection.s3(&counter).await;
        let part_size = settings.part_size().get();
        let threshold = settings.tuned.part_size_bytes.unwrap_or(MAKERS_THRESHOLD);
        let config = Config::builder()
            .s3_config(S3ClientConfig::new(sending(settings.checksum, &s3, &open_uploads)))
            // The rule for the target throughput is the crate's own, which takes whole gigabits only.
            .concurrency(ConcurrencyMode::Explicit(settings.connections()))
            .part_size(PartSize::Target(part_size))
            .multipart_threshold(PartSize::Target(threshold))
            .build();
        Ok(Self {
            hello: hello(settings, &config),
            manager: aws_sdk_s3_transfer_manager::Client::new(config),
            s3,
            bucket: settings.bucket.as_str().to_owned(),
            checksum: settings.checksum,
            threshold,
            counter,
            open_uploads,
        })
    }

    async fn upload(&self, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
        let failed = |error: Error| failure::of("upload", job, &error);
        let body = self.body(job)?;
        let bytes = body.size_hint().upper().unwrap_or(0);
        let upload = self.manager.upload().bucket(&self.bucket).key(job.key.as_str()).body(body);
        let handle = upload.set_checksum_strategy(self.checksum.map(strategy)).initiate().map_err(failed)?;
        handle.join().await.map_err(failed)?;
        moved.add(bytes);
        Ok(TaskDone { bytes, first_byte: None })
    }

    fn body(&self, job: &Job) -> Result<InputStream, Failure> {
        let content = Content::of_key(job.key.as_str());
        match (&job.place, usize::try_from(job.size)) {
            (DataPlace::File(path), _) => InputStream::from_path(path)
                .map_err(|error| Failure::local(ErrorKind::Disk, format!("cannot read {}: {error}", path.display()))),
            (DataPlace::Memory, Ok(size)) if size <= contiguous::LONGEST && job.size < self.threshold => {
                Ok(contiguous::slice(content, 0, size).into())
            }
            (DataPlace::Memory, _) => Ok(InputStream::from_part_stream(RingParts::new(content, job.size))),
        }
    }

    async fn download(&self, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
        let mode = self.checksum.map(|_| ChecksumMode::Enabled);
        let download = self.manager.download().bucket(&self.bucket).key(job.key.as_str()).set_checksum_mode(mode);
        let (done, output) = match &job.place {
            DataPlace::Memory => drained(download, job, moved).await?,
            DataPlace::File(path) => written(download, job, path, moved).await?,
        };
        match self.checksum {
            Some(checksum) => check_validated(job, checksum, output.integrity_checks()).map(|()| done),
            None => Ok(done),
        }
    }
}

/// Fails unless the store sent the checksum of the whole object with its bytes: then the SDK has compared it.
fn check_validated(job: &Job, checksum: Checksum, sent: &IntegrityChecks) -> Result<(), Failure> {
    let value = match checksum {
        Checksum::Crc32 => sent.checksum_crc32(),
        Checksum::Crc32c => sent.checksum_crc32c(),
        Checksum::Sha1 => sent.checksum_sha1(),
        Checksum::Sha256 => sent.checksum_sha256(),
        Checksum::Crc64nvme => sent.checksum_crc64_nvme(),
    };
    match value {
        // A checksum of checksums says nothing about a body that is read whole; the SDK skips it.
        Some(value) if !value.contains('-') => Ok(()),
        Some(_) => Err(unvalidated(job, &format!("its {checksum} is one of parts"))),
        None => Err(unvalidated(job, &format!("the store sends no {checksum}"))),
    }
}

fn unvalidated(job: &Job, why: &str) -> Failure {
    Failure::local(ErrorKind::Integrity, format!("GetObject {}: {why} and cannot be validated", job.key))
}

/// The SDK's configuration for the manager, with checksums on uploads where the workload wants one.
fn sending(
    checksum: Option<Checksum>,
    s3: &aws_sdk_s3::Client,
    open_uploads: &Arc<OpenUploads>,
) -> aws_sdk_s3::config::Builder {
    let config = s3.config().to_builder().interceptor(OpenWatch(Arc::clone(open_uploads)));
    match checksum {
        // Unset, the manager would add its own CRC64NVME.
        None => config,
        Some(_) => config.request_checksum_calculation(RequestChecksumCalculation::WhenSupported),
    }
}

/// Checksums over whole objects where S3 knows them, so that downloads can be validated.
fn strategy(checksum: Checksum) -> ChecksumStrategy {
    match checksum {
        Checksum::Crc32 => ChecksumStrategy::with_calculated_crc32(),
        Checksum::Crc32c => ChecksumStrategy::with_calculated_crc32_c(),
        Checksum::Crc64nvme => ChecksumStrategy::with_calculated_crc64_nvme(),
        Checksum::Sha1 => ChecksumStrategy::with_calculated_sha1_composite_if_multipart(),
        Checksum::Sha256 => ChecksumStrategy::with_calculated_sha256_composite_if_multipart(),
    }
}

/// What `config` came to.
fn hello(settings: &ClientSettings, config: &Config) -> Hello {
    let part_size_bytes = match config.part_size() {
        PartSize::Target(bytes) => Some(*bytes),
        _ => None,
    };
    let connections = match config.concurrency() {
        ConcurrencyMode::Explicit(requests) => Some(*requests as u64),
        _ => None,
    };
    Hello {
        connections,
        part_size_bytes,
        checksum_placement: match settings.checksum {
            None => Some(ChecksumPlacement::None),
            Some(_) if !settings.files_on_disk => Some(ChecksumPlacement::Header),
            // In a trailer for files in one piece, in a header for parts of files.
            Some(_) => None,
        },
        // Parts of downloads are put in order before they are handed on, files are read by parts.
        buffer_residency: Some(if settings.files_on_disk || settings.largest_download.is_some() {
            BufferResidency::Part
        } else {
            BufferResidency::Streamed
        }),
        ..settings.hello("sdk-rust-tm", &crate_version::TRANSFER_MANAGER)
    }
}

/// Reads the object and drops it as it arrives.
async fn drained(
    download: DownloadFluentBuilder,
    job: &Job,
    moved: &Moved,
) -> Result<(TaskDone, DownloadOutput), Failure> {
    let failed = |error: Error| failure::of("download", job, &error);
    let mut handle = download.initiate().map_err(failed)?;
    let mut done = TaskDone { bytes: 0, first_byte: None };
    // What breaks off the body is told in full by `join`.
    while let Some(Ok(chunk)) = handle.body_mut().next().await {
        done.first_byte.get_or_insert_with(Instant::now);
        done.bytes += chunk.data.len() as u64;
        moved.add(chunk.data.len() as u64);
    }
    let output = handle.join().await.map_err(failed)?;
    Ok((done, output))
}

/// Has the manager write the object to `path`: to a temporary file beside it, renamed at the end.
async fn written(
    download: DownloadFluentBuilder,
    job: &Job,
    path: &Path,
    moved: &Moved,
) -> Result<(TaskDone, DownloadOutput), Failure> {
    let failed = |error: Error| failure::of("download", job, &error);
    let output = download.write_to_path(path).await.map_err(failed)?.join().await.map_err(failed)?;
    let bytes = output.metrics.disk_write;
    moved.add(bytes);
    Ok((TaskDone { bytes, first_byte: None }, output))
}

impl Client for TransferManagerClient {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn counters(&self) -> Counters {
        self.counter.counters()
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.operation {
            Operation::Upload => self.upload(job, moved).boxed(),
            Operation::Download => self.download(job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = move |upload_id, key| async move {
            self.s3.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload_id).send().await.is_ok()
        };
        self.open_uploads.abort_all(abort).boxed()
    }
}
