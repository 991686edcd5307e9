//! Points of time that another machine can place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment on the wall clock of the machine that ran the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WallTime {
    /// Nanoseconds since the Unix epoch, as the clock showed them.
    pub unix_ns: u64,
    /// How far the clock was off; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockError>,
}

/// How far a wall clock is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockError {
    /// Nanoseconds that the clock is ahead of true time; negative where it is behind.
    pub offset_ns: i64,
    /// Nanoseconds by which the clock may still be wrong once the offset is taken off, in either direction.
    pub bound_ns: u64,
}
