//! What a workload asks of a client.

use workload_schema::event::Tuned;
use workload_schema::{Checksum, Operation, Workload};

use crate::PartSize;

/// What a client must be able to do for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The operations of its tasks, each once.
    pub operations: Vec<Operation>,
    /// Size in bytes of the largest object that is uploaded; none where none is.
    pub largest_upload: Option<u64>,
    /// Size in bytes of the largest object that is downloaded; none where none is.
    pub largest_download: Option<u64>,
    /// Tasks of the workload.
    pub tasks: usize,
    /// Whether payloads come from files and go to files.
    pub files_on_disk: bool,
    /// Checksum to send with uploads and to validate on downloads.
    pub checksum: Option<Checksum>,
    /// Values asked for instead of what the client's makers recommend.
    pub tuned: Tuned,
    /// Whether the bucket is a directory bucket.
    pub directory_bucket: bool,
    /// Whether an endpoint is named, instead of that of AWS.
    pub at_endpoint: bool,
}

impl Needs {
    /// What `workload` needs in the bucket of this name, with these values tuned.
    pub fn of(workload: &Workload, bucket: &str, at_endpoint: bool, tuned: Tuned) -> Self {
        let largest = |bytes: fn(Operation, u64) -> u64, moves: fn(Operation) -> bool| {
            workload.tasks().filter(|task| moves(task.operation)).map(|task| bytes(task.operation, task.size)).max()
        };
        let is_asked = |operation: &Operation| workload.tasks().any(|task| task.operation == *operation);
        Self {
            operations: Operation::ALL.into_iter().filter(is_asked).collect(),
            largest_upload: largest(Operation::bytes_sent, Operation::sends_payload),
            largest_download: largest(Operation::bytes_received, Operation::receives_payload),
            tasks: workload.task_count(),
            files_on_disk: workload.on_disk(),
            checksum: workload.checksum(),
            tuned,
            directory_bucket: is_directory_bucket(bucket),
            at_endpoint,
        }
    }

    /// Parts and ranges in bytes: as tuned, or of 8 MiB.
    pub fn part_size(&self) -> u64 {
        self.tuned.part_size_bytes.unwrap_or(PartSize::DEFAULT.get())
    }
}

/// Whether this is the name of a directory bucket (S3 Express One Zone).
pub fn is_directory_bucket(bucket: &str) -> bool {
    bucket.ends_with("--x-s3")
}
