//! The prep plan of one workload (`NAME.prep.json`): what must exist before the workload runs, and what a run leaves
//! behind.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::naming::UPLOAD_PREFIX;
use crate::{Checksum, ObjectKey, Workload, WorkloadDigest, WorkloadName, checksum};

/// Format version of the prep plan that this release reads and writes.
pub const VERSION: u32 = 1;

/// What the bucket's lifecycle must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketRules {
    /// Days after which incomplete multipart uploads are aborted.
    #[schemars(range(min = 1))]
    pub abort_incomplete_multipart_days: u32,
    /// Key prefix whose objects expire.
    pub expire_prefix: String,
    /// Days after which objects below that prefix expire.
    #[schemars(range(min = 1))]
    pub expire_days: u32,
}

impl Default for BucketRules {
    fn default() -> Self {
        Self { abort_incomplete_multipart_days: 1, expire_prefix: UPLOAD_PREFIX.to_owned(), expire_days: 1 }
    }
}

/// An object (and with `filesOnDisk` a file of the same relative path).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedObject {
    /// Key of the object; path below the files directory.
    #[schemars(with = "String", length(min = 1, max = 1024))]
    pub key: ObjectKey,
    /// Size in bytes.
    pub size: u64,
}

/// The plan. Every key stands once, in the order in which the tasks first name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = checksum::require_field)]
pub struct PrepPlan {
    /// Format version of this file.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Name of the workload this plan belongs to.
    #[schemars(with = "String")]
    pub workload: WorkloadName,
    /// Digest of the compiled workload this plan belongs to: another digest makes the plan stale.
    pub workload_digest: WorkloadDigest,
    /// Whether uploads need their file, and downloads the folder for theirs.
    pub files_on_disk: bool,
    /// Checksum algorithm that objects to download must have.
    #[serde(deserialize_with = "Option::deserialize")]
    pub checksum: Option<Checksum>,
    /// Lifecycle rules of the bucket.
    pub bucket: BucketRules,
    /// Objects that must exist: what the workload downloads.
    pub downloads: Vec<PlannedObject>,
    /// Objects that a run writes. With `filesOnDisk` their files must exist.
    pub uploads: Vec<PlannedObject>,
}

impl PrepPlan {
    /// The plan of `workload`, whose compiled bytes have `digest`.
    ///
    /// A key that occurs more than once is planned once, with its first size. The checks of contract 3 report two sizes
    /// of one key.
    pub fn of(name: WorkloadName, digest: WorkloadDigest, workload: &Workload) -> Self {
        let mut seen = HashSet::new();
        let (mut downloads, mut uploads) = (Vec::new(), Vec::new());
        for task in workload.tasks().filter(|task| seen.insert((task.operation, task.key))) {
            let object = || PlannedObject { key: task.key.clone(), size: task.size };
            if task.operation.reads() {
                downloads.push(object());
            }
            if task.operation.writes() {
                uploads.push(object());
            }
        }
        Self {
            version: VERSION,
            workload: name,
            workload_digest: digest,
            files_on_disk: workload.on_disk(),
            checksum: workload.checksum(),
            bucket: BucketRules::default(),
            downloads,
            uploads,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Operation, Task};

    #[test]
    fn repeated_keys_are_planned_once() {
        let key = ObjectKey::new("upload/5GiB-1x/1").unwrap();
        let task = Task { operation: Operation::Upload, key, size: 5 << 30 };
        let workload = Workload::of_tasks(vec![task; 100]).unwrap();
        let plan =
            PrepPlan::of(WorkloadName::new("upload-max-throughput").unwrap(), WorkloadDigest::of(b""), &workload);
        assert_eq!((plan.uploads.len(), plan.downloads.len()), (1, 0));
        let again: PrepPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(again, plan);
    }
}
