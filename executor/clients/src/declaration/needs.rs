//! What a workload asks of a client.

use workload_schema::event::Tuned;
use workload_schema::{Action, Checksum, Workload};

use crate::PartSize;

/// What a client must be able to do for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
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
        let largest = |action| workload.tasks.iter().filter(|task| task.action == action).map(|task| task.size).max();
        Self {
            largest_upload: largest(Action::Upload),
            largest_download: largest(Action::Download),
            tasks: workload.tasks.len(),
            files_on_disk: workload.files_on_disk,
            checksum: workload.checksum,
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
