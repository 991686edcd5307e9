//! The fields of a source.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::{Count, Matrix, SizeText, TaskSize, Templated, Variables};
use crate::{Action, Checksum};

/// One YAML document of a source file, or a whole JSON source. It describes one workload, or with a `matrix` one
/// workload per combination.
///
/// A workload is either derived (`action`, `fileSize` and `numFiles` say what its tasks are, and how they and the
/// workload are named) or explicit (`name` and `tasks`).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Source {
    /// What the workload stands for, for people: ideally the use case behind it. Default: empty.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    pub comment: Option<String>,
    /// Name of the workload instead of the derived one, which is `{action}-{fileSize}-{numFiles}x`, then
    /// `-{checksum}` if there is one, then `-ram` unless on disk. Required with `tasks`.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    pub name: Option<String>,
    /// Whether the files are uploaded or downloaded. Required, unless there are `tasks`.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Action>")]
    pub action: Option<Templated<Action>>,
    /// Size of each file: a whole number directly followed by `bytes`, `byte`, `KiB`, `MiB`, `GiB` or `TiB`.
    /// Required, unless there are `tasks`. The spelling becomes part of names and keys.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "SizeText")]
    pub file_size: Option<SizeText>,
    /// How many files one repeat moves. Default: 1.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub num_files: Option<Templated<Count>>,
    /// Whether uploads are read from files and downloads are written to files. If false, data never touches the
    /// disk. Default: true.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<bool>")]
    pub files_on_disk: Option<Templated<bool>>,
    /// Checksum that uploads carry and downloads validate; null for none. `CRC64NVME` makes a version 3 workload,
    /// which older runners skip. Default: null.
    pub checksum: Option<Templated<Checksum>>,
    /// Most repeats of the whole workload. Default: 10.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub max_repeat_count: Option<Templated<Count>>,
    /// Seconds after which no further repeat is started. Default: 600.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub max_repeat_secs: Option<Templated<Count>>,
    /// Named values for expressions, evaluated in order: each may use the matrix values and the variables above it.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Variables")]
    pub vars: Option<Variables>,
    /// One workload for each combination of values.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Matrix")]
    pub matrix: Option<Matrix>,
    /// The tasks one by one, for workloads that `fileSize` and `numFiles` cannot describe. Excludes `action`,
    /// `fileSize` and `numFiles`; needs `name`.
    #[serde(deserialize_with = "some_tasks")]
    #[schemars(with = "Vec<TaskSource>", length(min = 1))]
    pub tasks: Option<Vec<TaskSource>>,
}

/// One explicit task, or several equal ones.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskSource {
    /// What to do with the object.
    pub action: Templated<Action>,
    /// Key of the object: a relative path without `.` and `..`, at most 1,024 bytes. Keys to upload start with
    /// `upload/`, keys to download do not.
    pub key: String,
    /// Size of the object: like `fileSize`, or a number of bytes.
    pub size: TaskSize,
    /// How many times the workload does the task. Default: 1.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub repeat: Option<Templated<Count>>,
}

/// Reads a field that may be left out but must not be null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a list of at least one task.
fn some_tasks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<TaskSource>>, D::Error> {
    match Vec::deserialize(deserializer)? {
        tasks if tasks.is_empty() => Err(de::Error::custom("at least one task is needed")),
        tasks => Ok(Some(tasks)),
    }
}
