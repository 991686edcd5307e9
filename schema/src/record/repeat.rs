//! One repeat of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Usage;
use crate::{ErrorCount, WallTime};

/// One repeat of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepeatRecord {
    /// Number of the repeat, from 1. The first is cold.
    pub repeat: u64,
    /// Whether connections and caches were cold: the first repeat of a process.
    pub cold: bool,
    /// When the repeat started, on the wall clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<WallTime>,
    /// Wall seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes of payload verified to have moved.
    pub bytes: u64,
    /// Requests sent, retries included. Plain runners do not report them.
    #[serde(default)]
    pub requests: Option<u64>,
    /// Requests that were sent again.
    #[serde(default)]
    pub retries: Option<u64>,
    /// Seconds that requests waited before they were sent again, summed over all requests.
    #[serde(default)]
    pub backoff_seconds: Option<f64>,
    /// Failed tasks by cause. A good repeat has none.
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
    /// Other resources that the repeat used.
    #[serde(default)]
    pub usage: Usage,
}

impl RepeatRecord {
    /// Whether every task of the repeat succeeded. Only then do its figures mean anything.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether the repeat can be compared with others: it is good, and connections and caches were warm.
    pub fn is_warm_and_good(&self) -> bool {
        self.is_good() && !self.cold
    }
}

/// How far a repeat was at one moment. The bytes are those that had moved, not a mean rate spread over the time.
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
