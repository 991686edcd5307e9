//! Reading the file.

use std::num::NonZeroU64;

use serde::Deserialize;

use super::{NEWEST_VERSION, OLDEST_VERSION, RunFile, TaskEntry};
use crate::workload::{Stop, Task, Workload, WorkloadError};
use crate::{Checksum, DataMedium};

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not JSON or not of the format. The error names the position.
    #[error("not a workload: {0}")]
    Json(#[from] serde_json::Error),
    /// The format version is not known to this release.
    #[error("workload version {0} is not known to this release, which reads versions 2 and 3")]
    Version(u64),
    /// A value needs a later format version than the file has.
    #[error("{field} needs workload version {needed}, the file says {found}")]
    NeedsVersion {
        /// The field.
        field: &'static str,
        /// The first version that has the value.
        needed: u32,
        /// The version in the file.
        found: u32,
    },
    /// A count is zero.
    #[error("{0} is at least 1")]
    Zero(&'static str),
    /// The tasks do not make a workload.
    #[error(transparent)]
    Tasks(#[from] WorkloadError),
}

impl ReadError {
    /// The field that the error is about.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NeedsVersion { field, .. } | Self::Zero(field) => field,
            Self::Tasks(_) => "tasks",
            Self::Version(_) | Self::Json(_) => "version",
        }
    }
}

/// Reads a compiled workload. An unknown version is reported before anything else that does not fit.
pub fn read(bytes: &[u8]) -> Result<Workload, ReadError> {
    match serde_json::from_slice::<RunFile>(bytes) {
        Ok(file) => file.try_into(),
        Err(error) => match version_of(bytes) {
            Some(version) if !is_known(version) => Err(ReadError::Version(version)),
            _ => Err(ReadError::Json(error)),
        },
    }
}

impl TryFrom<RunFile> for Workload {
    type Error = ReadError;

    fn try_from(file: RunFile) -> Result<Self, ReadError> {
        check_version(file.version, file.checksum)?;
        let at_least_one = |count, field| NonZeroU64::new(count).ok_or(ReadError::Zero(field));
        let stop = Stop {
            max_repeats: at_least_one(file.max_repeat_count, "maxRepeatCount")?,
            max_seconds: at_least_one(file.max_repeat_secs, "maxRepeatSecs")?,
        };
        let workload = Self::of_tasks(file.tasks.into_iter().map(Task::from))?;
        let medium = DataMedium::of_files_on_disk(file.files_on_disk);
        Ok(workload.with_comment(file.comment).with_medium(medium).with_checksum(file.checksum).with_stop(stop))
    }
}

impl From<TaskEntry> for Task {
    fn from(entry: TaskEntry) -> Self {
        Self { operation: entry.action.into(), key: entry.key, size: entry.size }
    }
}

fn check_version(version: u32, checksum: Option<Checksum>) -> Result<(), ReadError> {
    if !is_known(version.into()) {
        return Err(ReadError::Version(version.into()));
    }
    match checksum.map(Checksum::since_version) {
        Some(needed) if needed > version => Err(ReadError::NeedsVersion { field: "checksum", needed, found: version }),
        _ => Ok(()),
    }
}

fn is_known(version: u64) -> bool {
    (u64::from(OLDEST_VERSION)..=u64::from(NEWEST_VERSION)).contains(&version)
}

/// The version of a file that may otherwise be of an unknown format.
fn version_of(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    serde_json::from_slice::<Versioned>(bytes).ok().map(|file| file.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = r#"{"version": 2, "comment": "c", "filesOnDisk": true, "checksum": null, "maxRepeatCount": 10,
        "maxRepeatSecs": 600, "tasks": [{"action": "download", "key": "download/256KiB-10_000x/00001", "size": 262144}]}"#;

    fn error_of(from: &str, to: &str) -> String {
        let text = EXAMPLE.replace(from, to);
        assert_ne!(text, EXAMPLE, "the replacement must change something");
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_example_of_the_contract_is_read() {
        let workload = read(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(workload.first_task().key.as_str(), "download/256KiB-10_000x/00001");
        assert_eq!((workload.bytes_received(), workload.bytes_sent()), (262_144, 0));
        assert_eq!((workload.comment(), workload.on_disk(), workload.max_repeat_secs()), ("c", true, 600));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let errors = [
            error_of("\"version\": 2", "\"version\": 9, \"new\": 1"),
            error_of("\"version\": 2", "\"version\": 1"),
            error_of("\"checksum\": null", "\"checksum\": \"CRC64NVME\""),
            error_of("\"checksum\": null,", ""),
            error_of("\"maxRepeatCount\": 10", "\"maxRepeatCount\": 0"),
            error_of("\"maxRepeatSecs\": 600", "\"maxRepeatSecs\": -1"),
            error_of("download/256KiB", "../256KiB"),
            error_of("\"comment\": \"c\"", "\"comment\": \"c\", \"extra\": 1"),
            error_of("262144", "1.5"),
        ];
        insta::assert_snapshot!(errors.join("\n"));
    }
}
