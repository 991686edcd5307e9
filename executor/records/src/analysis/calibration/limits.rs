//! What was measured of a machine and of the harness, a type each.

use serde::{Deserialize, Serialize};

use crate::figures::Spread;

/// The clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockFloor {
    /// Smallest difference between two readings in nanoseconds.
    pub step_ns: u64,
    /// What a reading costs, in nanoseconds.
    pub reading_ns: Spread,
}

/// The disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskLimit {
    /// Size of the file that was written and read, in bytes.
    pub size_bytes: u64,
    /// Bytes/s written, the file being on the disk at the end (`fsync`).
    pub write_bytes_per_second: Spread,
    /// Bytes/s read after the page cache was told to forget the file.
    pub read_bytes_per_second: Spread,
    /// Bytes/s read again, from the page cache.
    pub cached_bytes_per_second: Spread,
}

/// What so many connections carry at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoopbackLimit {
    /// Connections side by side.
    pub connections: u64,
    /// Gigabit/s of all of them.
    pub gbps: Spread,
    /// Questions answered a second, of all of them, each connection asking one at a time.
    pub round_trips_per_second: Spread,
}

/// What repeats of so many tasks cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NullFloor {
    /// Tasks of a repeat.
    pub tasks: u64,
    /// Seconds of a warm repeat.
    pub seconds: Spread,
}

impl NullFloor {
    /// Nanoseconds a task.
    pub fn nanoseconds_a_task(&self) -> f64 {
        self.seconds.median * 1e9 / self.tasks as f64
    }
}
