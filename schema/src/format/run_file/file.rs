//! The fields of the file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Action, Checksum, ObjectKey, checksum};

/// Oldest format version that this release reads and writes.
pub const OLDEST_VERSION: u32 = 2;
/// Newest format version that this release reads and writes.
pub const NEWEST_VERSION: u32 = 3;

/// A compiled workload, version 2 or 3. The field order is part of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename = "Workload", expecting = "a workload", rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = checksum::require_field)]
pub struct RunFile {
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
    pub tasks: Vec<TaskEntry>,
}

/// One upload or download of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename = "Task", expecting = "a task", deny_unknown_fields)]
pub struct TaskEntry {
    /// What to do.
    pub action: Action,
    /// The object, and with `filesOnDisk` the path below the files directory.
    #[schemars(with = "String", length(min = 1, max = 1024))]
    pub key: ObjectKey,
    /// Size of the object in bytes.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub size: u64,
}
