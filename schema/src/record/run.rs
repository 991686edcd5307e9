//! One run: one client on one workload.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RepeatRecord, RunConditions, StoreKind};
use crate::event::{Hello, Verified};
use crate::{DataMedium, RunKey, SessionId, WorkloadDigest, WorkloadName};

/// Format version of exported records.
pub const VERSION: u32 = 1;

/// Name of the network interface by which a machine reaches itself.
const LOOPBACK_INTERFACE: &str = "lo";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The run is still going on, or its process was killed.
    Unfinished,
    /// All tasks of all repeats succeeded.
    Succeeded,
    /// A task or the runner failed.
    Failed,
    /// The client cannot do this workload. The reason is in the record.
    Skipped,
    /// Ctrl-C or SIGTERM stopped the run. Its finished repeats count.
    Interrupted,
}

impl Outcome {
    /// The spelling of the outcome in records.
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

/// The direction in which the payload of a run moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the store.
    Sent,
    /// From the store to the client.
    Received,
    /// In both directions.
    Both,
}

/// The machine that ran the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Host name.
    pub host: String,
    /// Processor model.
    pub cpu: String,
    /// Cores that this process may use.
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
    /// Format version: [`VERSION`].
    pub version: u32,
    /// Number of the run in its results file.
    pub run: i64,
    /// Name that all runs of one call of `wlx` share. Empty if it is not known.
    #[serde(default)]
    pub session: String,
    /// Number of the run in its session, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u32>,
    /// When the run started, as RFC 3339 in UTC.
    pub started_at: String,
    /// When the run ended, if it did.
    #[serde(default)]
    pub ended_at: Option<String>,
    /// Name of the workload.
    #[schemars(with = "String")]
    pub workload: WorkloadName,
    /// Digest of the workload as it was run.
    pub workload_digest: WorkloadDigest,
    /// Bytes that one repeat moves.
    pub workload_bytes: u64,
    /// Bytes that the client sends in one repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload_bytes_sent: Option<u64>,
    /// Bytes that the client receives in one repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload_bytes_received: Option<u64>,
    /// Tasks of one repeat.
    pub workload_tasks: u64,
    /// `1`, or `1/N` if every size was shrunk.
    pub scale: String,
    /// Client id.
    pub client: String,
    /// What the client said about itself, if it speaks the extended protocol.
    #[serde(default)]
    pub hello: Option<Hello>,
    /// Settings in force, such as endpoint, bucket, region and target throughput.
    #[serde(rename = "settings")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub conditions: RunConditions,
    /// Version of `wlx`.
    pub wlx_version: String,
    /// Machine that ran the client.
    pub machine: Machine,
    /// How the run ended.
    pub outcome: Outcome,
    /// Why the run failed or was skipped.
    #[serde(default)]
    pub reason: Option<String>,
    /// Content that was compared off the clock, if that was requested or the client cannot do it.
    #[serde(default)]
    pub verified: Option<Verified>,
    /// The repeats, in order.
    pub repeats: Vec<RepeatRecord>,
}

impl RunRecord {
    /// The identity of the run. Records of older releases have none.
    pub fn key(&self) -> Option<RunKey> {
        let session = SessionId::new(self.session.as_str()).ok()?;
        Some(session.run(self.ordinal?))
    }

    /// The good warm repeats, from which figures are computed.
    pub fn warm_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone {
        self.repeats.iter().filter(|repeat| repeat.is_warm_and_good())
    }

    /// The good repeats, cold ones included.
    pub fn good_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone {
        self.repeats.iter().filter(|repeat| repeat.is_good())
    }

    /// Whether the store was on the client's machine, judged by its address or by the interface that led to it.
    pub fn is_on_loopback(&self) -> bool {
        let interfaces = self.repeats.iter().filter_map(|repeat| repeat.usage.machine.as_ref()?.interface.as_deref());
        self.conditions.store.as_ref().is_some_and(StoreKind::is_on_loopback)
            || interfaces.take(1).any(|interface| interface == LOOPBACK_INTERFACE)
    }

    /// The direction of the payload; none if nothing moved or the record does not say it.
    ///
    /// Records of older releases have no bytes per direction. With data on disk they say whether files were downloaded.
    pub fn direction(&self) -> Option<Direction> {
        match (self.workload_bytes_sent, self.workload_bytes_received) {
            (Some(1..), Some(1..)) => Some(Direction::Both),
            (Some(1..), _) => Some(Direction::Sent),
            (_, Some(1..)) => Some(Direction::Received),
            (Some(0), _) | (_, Some(0)) => None,
            (None, None) => match (self.conditions.medium, self.conditions.downloads_files) {
                (DataMedium::Disk, true) => Some(Direction::Received),
                (DataMedium::Disk, false) => Some(Direction::Sent),
                (DataMedium::Memory, _) => None,
            },
        }
    }
}

/// Exported runs: what `wlx results export --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunExport {
    /// Format version: [`VERSION`].
    pub version: u32,
    /// The runs, newest first.
    pub runs: Vec<RunRecord>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorCount, ErrorKind};

    /// A record of the release before sessions were numbered and repeats knew their wall time.
    const OLDER: &str = r#"{
        "version": 1, "run": 7, "session": "2026-11-21T13:00:00Z-bench-1-77", "startedAt": "2026-11-21T13:00:00Z",
        "endedAt": null, "workload": "download-1KiB-1x",
        "workloadDigest": "blake3:0000000000000000000000000000000000000000000000000000000000000000",
        "workloadBytes": 1024, "workloadTasks": 1, "scale": "1", "client": "sdk-rust", "hello": null,
        "settings": {"bucket": "wlx-bench", "downloadsFiles": "true", "endpoint": "http://far.example.com:80",
            "filesOnDisk": "true", "targetThroughputGbps": "10.0"},
        "wlxVersion": "0.1.0",
        "machine": {"host": "bench-1", "cpu": "x", "cores": 2, "memoryBytes": 8, "kernel": "Linux"},
        "outcome": "succeeded", "reason": null, "verified": null,
        "repeats": [
            {"repeat": 1, "cold": true, "seconds": 1.5, "bytes": 1024, "requests": 1, "retries": 0,
                "backoffSeconds": null, "errors": [], "cpuUserSeconds": null, "cpuSystemSeconds": null,
                "peakMemoryBytes": null, "usage": {}},
            {"repeat": 2, "cold": false, "seconds": 0.5, "bytes": 1024, "requests": 1, "retries": 0,
                "backoffSeconds": null, "errors": [], "cpuUserSeconds": null, "cpuSystemSeconds": null,
                "peakMemoryBytes": null, "usage": {"machine": {"seconds": 0.5, "cpuBusySeconds": 0.1,
                    "cpuStealSeconds": 0.0, "cpuDiskWaitSeconds": 0.0, "interface": "eth0"}}}
        ]
    }"#;

    fn older() -> RunRecord {
        serde_json::from_str(OLDER).unwrap()
    }

    #[test]
    fn a_record_of_an_older_release_is_exported_as_it_was() {
        let given: serde_json::Value = serde_json::from_str(OLDER).unwrap();
        assert_eq!(serde_json::to_value(older()).unwrap(), given);
        assert_eq!(older().key(), None);
    }

    #[test]
    fn a_run_is_named_by_its_session_and_ordinal() {
        let run = RunRecord { ordinal: Some(3), ..older() };
        assert_eq!(run.key().map(|key| key.to_string()).as_deref(), Some("2026-11-21T13:00:00Z-bench-1-77/3"));
        assert_eq!(RunRecord { session: String::new(), ..run }.key(), None);
    }

    #[test]
    fn only_good_warm_repeats_are_warm() {
        let mut run = older();
        assert_eq!(run.warm_repeats().map(|repeat| repeat.repeat).collect::<Vec<_>>(), [2]);
        let message = String::new();
        let error = ErrorCount { kind: ErrorKind::Other, http_status: None, s3_code: None, message, count: 1 };
        run.repeats[1].errors.push(error);
        assert_eq!((run.warm_repeats().count(), run.good_repeats().count()), (0, 1));
    }

    #[test]
    fn the_address_or_the_interface_says_what_is_loopback() {
        let mut run = older();
        assert!(!run.is_on_loopback());
        let machine = run.repeats[1].usage.machine.as_mut().unwrap();
        machine.interface = Some("lo".to_owned());
        assert!(run.is_on_loopback());
        let near = RunConditions { store: Some(StoreKind::Embedded), ..RunConditions::default() };
        assert!(RunRecord { conditions: near, ..older() }.is_on_loopback());
    }

    #[test]
    fn the_direction_comes_from_bytes_or_from_the_files_of_older_records() {
        let direction = |sent, received| {
            RunRecord { workload_bytes_sent: sent, workload_bytes_received: received, ..older() }.direction()
        };
        assert_eq!(direction(None, None), Some(Direction::Received));
        assert_eq!(direction(Some(5), Some(0)), Some(Direction::Sent));
        assert_eq!(direction(Some(5), Some(5)), Some(Direction::Both));
        assert_eq!(direction(Some(0), Some(0)), None);
        let unknown = RunRecord { conditions: RunConditions::default(), ..older() };
        assert_eq!(unknown.direction(), None);
    }
}
