//! The record of a run as it is stored and exported: one entry a run (a client on a workload), one a repeat.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Hello, Verified};
use crate::{WorkloadDigest, WorkloadName};

/// Format version of exported records.
pub const VERSION: u32 = 1;

/// Cause of a failure, as reports group it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ErrorKind {
    /// 503 `SlowDown`, 429 and their like.
    Throttled,
    /// The object does not exist.
    MissingKey,
    /// The bucket does not exist.
    MissingBucket,
    /// Credentials are wrong or may not do this.
    Denied,
    /// The store could not be reached, or hung up.
    Connection,
    /// No answer in time.
    Timeout,
    /// Bytes are missing, or do not match their checksum or expected content.
    Integrity,
    /// The local disk: full, missing file, no permission.
    Disk,
    /// The store failed (5xx other than throttling).
    Server,
    /// The store refused the request (4xx other than the above).
    Refused,
    /// The runner ended, or spoke out of turn.
    Runner,
    /// None of the above.
    Other,
}

impl ErrorKind {
    /// The kind as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::MissingKey => "missingKey",
            Self::MissingBucket => "missingBucket",
            Self::Denied => "denied",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Integrity => "integrity",
            Self::Disk => "disk",
            Self::Server => "server",
            Self::Refused => "refused",
            Self::Runner => "runner",
            Self::Other => "other",
        }
    }

    /// What a person can do about it, where there is something.
    pub fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Throttled => "the store asks for fewer requests: lower --target-throughput or wait",
            Self::MissingKey => "prepare the bucket first: wlx prep bucket WORKLOAD",
            Self::MissingBucket => "name an existing bucket with --bucket, or make it: wlx prep bucket",
            Self::Denied => "check the credentials and that they may use this bucket: wlx config",
            Self::Connection => "check --endpoint-url and that the store is up",
            Self::Integrity => {
                "the object is not what the plan says, or the store altered it: wlx prep bucket --verify"
            }
            Self::Disk => "check the free space and the permissions of --files-dir",
            Self::Timeout | Self::Server | Self::Refused | Self::Runner | Self::Other => {
                return None;
            }
        })
    }
}

/// Failed tasks of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorCount {
    /// The cause.
    pub kind: ErrorKind,
    /// HTTP status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// S3 error code, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_code: Option<String>,
    /// The message of the first of them, with its key.
    pub message: String,
    /// How many tasks failed so.
    pub count: u64,
}

/// How a run or a repeat ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Still going on, or its process was killed before it could say more.
    Unfinished,
    /// All tasks of all repeats succeeded.
    Succeeded,
    /// A task failed, or the runner did.
    Failed,
    /// The client cannot do this workload; the reason is in the record.
    Skipped,
    /// Ctrl-C or SIGTERM; finished repeats count.
    Interrupted,
}

impl Outcome {
    /// The outcome as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unfinished => "unfinished",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The machine that ran the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Host name.
    pub host: String,
    /// Processor model.
    pub cpu: String,
    /// Cores this process may use.
    pub cores: u64,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Kernel name and release.
    pub kernel: String,
}

/// One client on one workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunRecord {
    /// [`VERSION`].
    pub version: u32,
    /// Number of the run in its results file.
    pub run: i64,
    /// What the runs of one `wlx run` share.
    #[serde(default)]
    pub session: String,
    /// Start, RFC 3339 in UTC.
    pub started_at: String,
    /// End, if it ended.
    #[serde(default)]
    pub ended_at: Option<String>,
    /// Name of the workload.
    #[schemars(with = "String")]
    pub workload: WorkloadName,
    /// Digest of the workload as it was run.
    pub workload_digest: WorkloadDigest,
    /// Bytes a repeat moves.
    pub workload_bytes: u64,
    /// Tasks of a repeat.
    pub workload_tasks: u64,
    /// `1`, or `1/N` where every size was shrunk.
    pub scale: String,
    /// Client id.
    pub client: String,
    /// What the client said of itself, if it speaks the extended protocol.
    #[serde(default)]
    pub hello: Option<Hello>,
    /// Settings in force: endpoint, bucket, region, target throughput and the like.
    pub settings: BTreeMap<String, String>,
    /// Version of wlx.
    pub wlx_version: String,
    /// Where it ran.
    pub machine: Machine,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed or was skipped.
    #[serde(default)]
    pub reason: Option<String>,
    /// What was compared off the clock, where that was asked for or the client could not be trusted to do it.
    #[serde(default)]
    pub verified: Option<Verified>,
    /// The repeats, as each ended.
    pub repeats: Vec<RepeatRecord>,
}

/// Exported runs: what `wlx results export --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunExport {
    /// [`VERSION`].
    pub version: u32,
    /// The runs, newest first.
    pub runs: Vec<RunRecord>,
}

/// One repeat of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepeatRecord {
    /// Number of the repeat, from 1. The first is cold.
    pub repeat: u64,
    /// Whether connections and caches were cold: the first repeat of a process.
    pub cold: bool,
    /// Wall seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes of payload verified to have moved.
    pub bytes: u64,
    /// Requests sent, retries included; unknown for plain runners.
    #[serde(default)]
    pub requests: Option<u64>,
    /// Requests sent again.
    #[serde(default)]
    pub retries: Option<u64>,
    /// Failed tasks by cause; empty for a good repeat.
    pub errors: Vec<ErrorCount>,
    /// CPU seconds in user mode of the client and its descendants.
    #[serde(default)]
    pub cpu_user_seconds: Option<f64>,
    /// CPU seconds in the kernel.
    #[serde(default)]
    pub cpu_system_seconds: Option<f64>,
    /// Peak resident memory of the client and its descendants during this repeat, in bytes.
    #[serde(default)]
    pub peak_memory_bytes: Option<u64>,
}

impl RepeatRecord {
    /// Whether every task of the repeat succeeded: only then it is a number.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }
}
