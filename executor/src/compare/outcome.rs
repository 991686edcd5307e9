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
    /// Turns that each client took, cold ones left out.
    pub rounds: usize,
    /// The clients, the one that the others are compared with first.
    pub sides: Vec<Side>,
    /// What makes the figures doubtful, a sentence each.
    pub warnings: Vec<String>,
}

/// One client of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// What it is called here: its id, and a number where a client is compared with itself.
    pub label: String,
    /// Client id.
    pub client: String,
    /// Its version, where it told.
    pub client_version: Option<String>,
    /// The runs that its turns are stored as: one for each process.
    pub runs: Vec<i64>,
    /// Median of its throughput over the turns, in Gb/s.
    pub throughput_gbps: f64,
    /// Median of CPU seconds for each GiB.
    pub cpu_seconds_per_gib: Option<f64>,
    /// Its speed by that of the first side; none of the first.
    pub speed: Option<Ratio>,
    /// What that means.
    pub verdict: Option<Verdict>,
    /// Its CPU time for the same work by that of the first side.
    pub cpu: Option<Ratio>,
    /// When that it does the same work was last checked (`wlx conform`), RFC 3339 in UTC.
    #[serde(default)]
    pub checked_at: Option<String>,
    /// How its work differs from that of the first side, by what each was seen to do; none where that was never checked.
    pub differences: Option<Vec<String>>,
}
