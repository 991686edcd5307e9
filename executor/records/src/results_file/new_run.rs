//! What is known of a run when it begins.

use std::collections::BTreeMap;

use workload_schema::record::Machine;
use workload_schema::{Scale, WorkloadDigest, WorkloadName};

/// A run before its first repeat. The store adds its number, the time, and who writes it.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// What the runs of one `wlx run` share.
    pub session: String,
    /// Name of the workload.
    pub workload: WorkloadName,
    /// Digest of the workload as it is run.
    pub workload_digest: WorkloadDigest,
    /// Bytes a repeat moves.
    pub workload_bytes: u64,
    /// Tasks of a repeat.
    pub workload_tasks: u64,
    /// How far every size was shrunk.
    pub scale: Scale,
    /// Client id.
    pub client: String,
    /// Settings in force: endpoint, bucket, region, target throughput and the like. No secrets.
    pub settings: BTreeMap<String, String>,
    /// Version of wlx.
    pub wlx_version: String,
    /// Where it runs.
    pub machine: Machine,
}
