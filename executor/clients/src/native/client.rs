//! What the run loop knows of an S3 client.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use futures_util::future::BoxFuture;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello, PROTOCOL_VERSION, Tuned};
use workload_schema::{BucketName, Checksum, Gbps, ObjectKey, Operation};

use super::{PartSize, connections_for};
use crate::declaration::{Needs, is_directory_bucket};
use crate::endpoint::{Connection, Counters, Failure};

/// Where the payload of a task comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataPlace {
    /// Uploads take it from the synthetic ring, downloads drop it as it arrives.
    Memory,
    /// This file.
    File(PathBuf),
}

/// One task, resolved before the clock starts.
#[derive(Debug, Clone)]
pub struct Job {
    /// Upload or download.
    pub operation: Operation,
    /// Key of the object.
    pub key: ObjectKey,
    /// Its size in bytes.
    pub size: u64,
    /// Where its payload is.
    pub place: DataPlace,
}

/// What every client is made from.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The store.
    pub connection: Connection,
    /// The bucket.
    pub bucket: BucketName,
    /// Throughput to plan the concurrency for.
    pub target: Gbps,
    /// Checksum to send with uploads and to validate on downloads.
    pub checksum: Option<Checksum>,
    /// Whether payloads come from files and go to files.
    pub files_on_disk: bool,
    /// The operations of the workload, each once.
    pub operations: Vec<Operation>,
    /// Size in bytes of the largest object that is uploaded, if any is.
    pub largest_upload: Option<u64>,
    /// Size in bytes of the largest object that is downloaded, if any is.
    pub largest_download: Option<u64>,
    /// Tasks of the workload: no client needs to be ready for more at once.
    pub tasks: usize,
    /// Values asked for instead of what the client's makers recommend.
    pub tuned: Tuned,
}

impl ClientSettings {
    /// What a client must be able to do for these settings.
    pub fn needs(&self) -> Needs {
        Needs {
            operations: self.operations.clone(),
            largest_upload: self.largest_upload,
            largest_download: self.largest_download,
            tasks: self.tasks,
            files_on_disk: self.files_on_disk,
            checksum: self.checksum,
            tuned: self.tuned,
            directory_bucket: is_directory_bucket(self.bucket.as_str()),
            at_endpoint: self.connection.endpoint_url.is_some(),
        }
    }

    /// Connections (requests in flight): as tuned, or by the rule for the target throughput.
    pub fn connections(&self) -> usize {
        match self.tuned.connections {
            Some(connections) => usize::try_from(connections).unwrap_or(usize::MAX).max(1),
            None => connections_for(self.target),
        }
    }

    /// Tasks in flight: as tuned, or as many as there are connections; never more than there are tasks.
    pub fn tasks_in_flight(&self) -> usize {
        let wanted = self
            .tuned
            .files_in_flight
            .map_or_else(|| self.connections(), |files| files.try_into().unwrap_or(usize::MAX));
        wanted.min(self.tasks).max(1)
    }

    /// What a client says of itself that does just as these settings ask and reads and writes by parts.
    ///
    /// Of a checksum it only says where there is none: where one travels is the client's own.
    pub fn hello(&self, client: &str, client_version: &impl Display) -> Hello {
        Hello {
            protocol_version: PROTOCOL_VERSION,
            client: client.to_owned(),
            client_version: client_version.to_string(),
            tasks_in_flight: Some(self.tasks_in_flight() as u64),
            connections: Some(self.connections() as u64),
            part_size_bytes: Some(self.part_size().get()),
            checksum_placement: self.checksum.is_none().then_some(ChecksumPlacement::None),
            buffer_residency: Some(BufferResidency::Part),
            process_start_timed: false,
            verifies_content: true,
        }
    }

    /// Parts and ranges: as tuned, or of 8 MiB.
    pub fn part_size(&self) -> PartSize {
        self.tuned.part_size_bytes.map_or(PartSize::DEFAULT, PartSize)
    }
}

/// Why a client cannot be made for a workload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// It cannot do this workload: the run is skipped.
    #[error("{0}")]
    Skip(String),
    /// It should, but something is wrong: the run fails.
    #[error("{0}")]
    Fail(String),
}

/// Bytes moved so far, for progress. Clients add to it as bytes come and go.
#[derive(Debug, Default)]
pub struct Moved(AtomicU64);

impl Moved {
    /// Adds `bytes`.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Relaxed);
    }

    /// Bytes so far.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// What a successful task came to.
#[derive(Debug, Clone, Copy)]
pub struct TaskDone {
    /// Bytes of payload that moved; the run loop compares them with the size.
    pub bytes: u64,
    /// When the client's library handed over the first bytes of a download's body, of any range.
    pub first_byte: Option<Instant>,
}

/// The future of one task.
pub type TaskFuture<'a> = BoxFuture<'a, Result<TaskDone, Failure>>;

/// An S3 client under measurement. It is made, connected and warmed by its makers' rules outside the timer.
pub trait Client: Send + Sync {
    /// What it says of itself: version and effective configuration.
    fn hello(&self) -> Hello;

    /// How many tasks the run loop keeps in flight: what it says of itself, or one.
    fn tasks_in_flight(&self) -> usize {
        self.hello().tasks_in_flight.and_then(|tasks| usize::try_from(tasks).ok()).unwrap_or(1)
    }

    /// What it has counted since it was made.
    fn counters(&self) -> Counters;

    /// Does one task. Dropping the future stops it; then [`Client::abort`] is called.
    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a>;

    /// Undoes what stopped tasks left at the store: aborts their multipart uploads. Answers how many could
    /// not be aborted.
    fn abort(&self) -> BoxFuture<'_, usize>;
}
