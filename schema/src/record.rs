//! The record of a run as it is stored and exported: one entry a run (a client on a workload), one a repeat.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{ContextSwitches, Hello, Verified};
use crate::{Action, ObjectKey, WorkloadDigest, WorkloadName};

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
    /// All of them. The place of each is stored with task records: new ones go to the end.
    pub const ALL: [Self; 12] = [
        Self::Throttled,
        Self::MissingKey,
        Self::MissingBucket,
        Self::Denied,
        Self::Connection,
        Self::Timeout,
        Self::Integrity,
        Self::Disk,
        Self::Server,
        Self::Refused,
        Self::Runner,
        Self::Other,
    ];

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
    /// Seconds that requests waited before they were sent again, summed over all requests.
    #[serde(default)]
    pub backoff_seconds: Option<f64>,
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
    /// What else it took.
    #[serde(default)]
    pub usage: Usage,
}

/// What a repeat took of the client's processes, of the server where it is ours, and of the whole machine.
///
/// Everything is read from the operating system right before and right after the repeat; what it does not say is
/// absent, never 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Usage {
    /// Context switches of the client's processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_switches: Option<ContextSwitches>,
    /// Bytes that the client's processes had fetched from storage; what the page cache answered is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes that they caused to be written to storage, be it later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_write_bytes: Option<u64>,
    /// CPU seconds of the busiest thread of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busiest_thread_seconds: Option<f64>,
    /// CPU seconds of the embedded server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_cpu_seconds: Option<f64>,
    /// The machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineUsage>,
}

/// What the whole machine did during a repeat, whoever it was for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineUsage {
    /// Wall seconds between the two readings.
    pub seconds: f64,
    /// CPU seconds of all cores that were busy.
    pub cpu_busy_seconds: f64,
    /// CPU seconds in which the hypervisor gave a core to somebody else.
    pub cpu_steal_seconds: f64,
    /// CPU seconds in which a core had nothing to do but wait for storage.
    pub cpu_disk_wait_seconds: f64,
    /// Name of the network interface that leads to the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// What this interface can carry in bits/s, where it says so; loopback does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_bits_per_second: Option<u64>,
    /// Bytes that this interface received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_bytes: Option<u64>,
    /// Bytes that this interface sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_bytes: Option<u64>,
    /// TCP segments that were sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_retransmits: Option<u64>,
    /// Pages that were swapped in or out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_pages: Option<u64>,
}

/// One task of a repeat: what it was, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskRecord {
    /// Index of the task in the workload, from 0.
    pub task: u64,
    /// Upload or download.
    pub action: Action,
    /// Key of the object.
    #[schemars(with = "String")]
    pub key: ObjectKey,
    /// Size of the object in bytes.
    pub size_bytes: u64,
    /// Start, in nanoseconds since the start of the repeat on the monotonic clock.
    pub start_ns: u64,
    /// End, on the same clock.
    pub end_ns: u64,
    /// First byte of a download's body, on the same clock.
    #[serde(default)]
    pub first_byte_ns: Option<u64>,
    /// Bytes of payload moved.
    pub bytes: u64,
    /// Requests sent, retries included.
    #[serde(default)]
    pub requests: Option<u64>,
    /// Why it failed, if it did.
    #[serde(default)]
    pub error: Option<ErrorKind>,
}

impl TaskRecord {
    /// Nanoseconds from its start to its end, retries and back-off included.
    pub fn duration_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }

    /// Nanoseconds from its start to the first byte of its body.
    pub fn time_to_first_byte_ns(&self) -> Option<u64> {
        Some(self.first_byte_ns?.saturating_sub(self.start_ns))
    }
}

/// How far a repeat was at a moment: bytes really moved, not a task's mean spread over its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeriesPoint {
    /// Nanoseconds since the start of the repeat on the monotonic clock.
    pub elapsed_ns: u64,
    /// Bytes moved so far.
    pub bytes: u64,
    /// Tasks ended so far.
    pub tasks: u64,
    /// Tasks that had begun and not ended.
    #[serde(default)]
    pub in_flight: Option<u64>,
}

impl RepeatRecord {
    /// Whether every task of the repeat succeeded: only then it is a number.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }
}
