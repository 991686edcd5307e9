//! What a comparison came to, as it is stored, printed and cited.

use serde::{Deserialize, Serialize};
use workload_schema::{WorkloadDigest, WorkloadName};

use run_records::analysis::{Ratio, Verdict};

/// Format version of [`Comparison`].
pub const VERSION: u32 = 1;

/// Clients on one workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// [`VERSION`].
    pub version: u32,
    /// Name of the workload.
    pub workload: WorkloadName,
    /// Its digest.
    pub workload_digest: WorkloadDigest,
    /// `1`, or `1/N`.
    pub scale: String,
    /// Seed of the order of turns and of the statistics.
    pub seed: u64,
    /// The precision that was asked for, a share.
    pub precision: f64,
    /// Turns per client, without cold ones.
    pub rounds: usize,
    /// The clients. The first is the one that the others are compared with.
    pub sides: Vec<Side>,
    /// What makes the figures doubtful, one sentence per reason.
    pub warnings: Vec<String>,
}

/// One client of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Its label: the client id, with a number if a client is compared with itself.
    pub label: String,
    /// Client id.
    pub client: String,
    /// Its version, if it reported one.
    pub client_version: Option<String>,
    /// The runs that its turns are stored as: one per process.
    pub runs: Vec<i64>,
    /// Median of its throughput over the turns, in Gb/s.
    pub throughput_gbps: f64,
    /// Median of CPU seconds per GiB.
    pub cpu_seconds_per_gib: Option<f64>,
    /// Its speed divided by that of the first side; `None` for the first.
    pub speed: Option<Ratio>,
    /// The verdict on that ratio.
    pub verdict: Option<Verdict>,
    /// Its CPU time for the same work divided by that of the first side.
    pub cpu: Option<Ratio>,
    /// When `wlx conform` last checked that it does the same work, RFC 3339 in UTC.
    #[serde(default)]
    pub checked_at: Option<String>,
    /// How its observed work differs from that of the first side; `None` if that was never checked.
    pub differences: Option<Vec<String>>,
}
