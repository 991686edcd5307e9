//! Points in time that other machines can relate to their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point in time on the wall clock of the machine that ran the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WallTime {
    /// Nanoseconds since the Unix epoch, as the clock showed them.
    pub unix_ns: u64,
    /// How far the clock was off; absent if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockError>,
}

/// How far a wall clock is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockError {
    /// Nanoseconds by which the clock is ahead of true time; negative if it is behind.
    pub offset_ns: i64,
    /// Nanoseconds by which the clock may still be wrong, in either direction, after correction by the offset.
    pub bound_ns: u64,
}
