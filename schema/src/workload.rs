//! The compiled workload: an explicit, fully resolved list of tasks (`NAME.run.json`).
//!
//! Version 2 is the format that every runner of the existing S3 client teams reads. Version 3 is
//! written only where version 2 cannot say it (today: the CRC64NVME checksum).

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ObjectKey;

/// Oldest format version that this release reads and writes.
pub const OLDEST_VERSION: u32 = 2;
/// Newest format version that this release reads and writes.
pub const NEWEST_VERSION: u32 = 3;

/// What a task does with its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Move bytes from the client to the bucket.
    Upload,
    /// Move bytes from the bucket to the client.
    Download,
}

impl Action {
    /// `upload` or `download`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A checksum algorithm that S3 stores with an object and validates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Checksum {
    /// CRC-32 (ISO-HDLC).
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// CRC-64/NVME. Needs workload version 3.
    Crc64nvme,
}

impl Checksum {
    /// All algorithms, in the order in which they are listed to people.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Sha1, Self::Sha256, Self::Crc64nvme];

    /// The name as S3 and the workload format spell it, `CRC32C`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Crc64nvme => "CRC64NVME",
        }
    }

    /// The oldest workload version that has this algorithm.
    pub fn since_version(self) -> u32 {
        if self == Self::Crc64nvme { 3 } else { 2 }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no checksum algorithm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown checksum algorithm (CRC32, CRC32C, SHA1, SHA256 and CRC64NVME are known)")]
pub struct ChecksumError;

impl FromStr for Checksum {
    type Err = ChecksumError;

    fn from_str(text: &str) -> Result<Self, ChecksumError> {
        Self::ALL.into_iter().find(|checksum| checksum.as_str() == text).ok_or(ChecksumError)
    }
}

/// One upload or download of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// What to do.
    pub action: Action,
    /// The object, and with `filesOnDisk` the path below the files directory.
    #[schemars(with = "String", length(min = 1, max = 1024))]
    pub key: ObjectKey,
    /// Size of the object in bytes.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub size: u64,
}

/// A compiled workload, version 2 or 3. The field order is part of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = require_checksum)]
pub struct Workload {
    /// Format version: the lowest that can express the workload.
    #[schemars(range(min = 2, max = 3))]
    pub version: u32,
    /// What the workload stands for, for people.
    pub comment: String,
    /// Whether uploads are read from files and downloads are written to files. Otherwise data never touches the disk.
    pub files_on_disk: bool,
    /// Checksum to compute on upload and to validate on download.
    #[serde(deserialize_with = "Option::deserialize")]
    pub checksum: Option<Checksum>,
    /// Most repeats of all tasks.
    #[schemars(range(min = 1))]
    pub max_repeat_count: u64,
    /// Seconds after which no further repeat is started. A repeat is never cut off.
    #[schemars(range(min = 1))]
    pub max_repeat_secs: u64,
    /// What one repeat does.
    #[schemars(length(min = 1))]
    pub tasks: Vec<Task>,
}

/// The checksum may be null, but it is always there; a schema made of an `Option` would let it be left out.
pub(crate) fn require_checksum(schema: &mut schemars::Schema) {
    if let Some(required) = schema.get_mut("required").and_then(serde_json::Value::as_array_mut) {
        required.push("checksum".into());
    }
}

/// Why a version-checked read failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or not of the format; the position is in the error.
    #[error("not a workload: {0}")]
    Json(#[from] serde_json::Error),
    /// A version that this release does not know.
    #[error("workload version {0} is not known to this release, which reads versions 2 and 3")]
    Version(u64),
    /// A value that needs a later version than the file says.
    #[error("{field} needs workload version {needed}, the file says {found}")]
    NeedsVersion {
        /// The field.
        field: &'static str,
        /// Version that has it.
        needed: u32,
        /// Version in the file.
        found: u32,
    },
    /// A count that must be at least one.
    #[error("{0} is at least 1")]
    Zero(&'static str),
    /// A workload without tasks measures nothing.
    #[error("the workload has no tasks")]
    NoTasks,
}

impl Workload {
    /// Reads a compiled workload, its version first.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ReadError> {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(workload) => workload.checked(),
            Err(error) => match version_of(bytes) {
                Some(version) if !is_known(version) => Err(ReadError::Version(version)),
                _ => Err(ReadError::Json(error)),
            },
        }
    }

    fn checked(self) -> Result<Self, ReadError> {
        if !is_known(u64::from(self.version)) {
            return Err(ReadError::Version(self.version.into()));
        }
        if let Some(checksum) = self.checksum
            && checksum.since_version() > self.version
        {
            return Err(ReadError::NeedsVersion {
                field: "checksum",
                needed: checksum.since_version(),
                found: self.version,
            });
        }
        if self.max_repeat_count == 0 {
            return Err(ReadError::Zero("maxRepeatCount"));
        }
        if self.max_repeat_secs == 0 {
            return Err(ReadError::Zero("maxRepeatSecs"));
        }
        if self.tasks.is_empty() {
            return Err(ReadError::NoTasks);
        }
        Ok(self)
    }

    /// Bytes that one repeat moves.
    pub fn total_bytes(&self) -> u64 {
        self.tasks.iter().fold(0, |sum, task| sum.saturating_add(task.size))
    }
}

fn is_known(version: u64) -> bool {
    (u64::from(OLDEST_VERSION)..=u64::from(NEWEST_VERSION)).contains(&version)
}

/// The version of a file that may be of a format we cannot read otherwise.
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
        Workload::from_json(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_example_of_the_contract_is_read() {
        let workload = Workload::from_json(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(workload.tasks[0].key.as_str(), "download/256KiB-10_000x/00001");
        assert_eq!(workload.total_bytes(), 262_144);
        let again = serde_json::to_vec(&workload).unwrap();
        assert_eq!(Workload::from_json(&again).unwrap(), workload);
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
