//! What is known of a run when it begins.

use workload_schema::record::{Machine, RunConditions};
use workload_schema::{RunKey, Scale, WorkloadDigest, WorkloadName};

/// A run before its first repeat. The results file adds its number, the time, and who writes it.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Its session, and its number there.
    pub key: RunKey,
    /// Name of the workload.
    pub workload: WorkloadName,
    /// Digest of the workload as it is run.
    pub workload_digest: WorkloadDigest,
    /// Bytes that the client sends in one repeat.
    pub workload_bytes_sent: u64,
    /// Bytes that the client receives in one repeat.
    pub workload_bytes_received: u64,
    /// Tasks of a repeat.
    pub workload_tasks: u64,
    /// How far every size was shrunk.
    pub scale: Scale,
    /// Client id.
    pub client: String,
    /// Settings in force: endpoint, bucket, region, target throughput and the like. No secrets.
    pub conditions: RunConditions,
    /// Version of wlx.
    pub wlx_version: String,
    /// Where it runs.
    pub machine: Machine,
}

impl NewRun {
    /// Bytes that one repeat moves in both directions.
    pub fn workload_bytes(&self) -> u64 {
        self.workload_bytes_sent.saturating_add(self.workload_bytes_received)
    }
}
