//! One task of a repeat.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ErrorKind, ObjectKey, Operation};

/// One task of a repeat, with its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskRecord {
    /// Index of the task in the workload, from 0.
    pub task: u64,
    /// What was done.
    #[serde(rename = "action")]
    pub operation: Operation,
    /// Key of the object.
    #[schemars(with = "String")]
    pub key: ObjectKey,
    /// Size of the object in bytes.
    pub size_bytes: u64,
    /// Intended start, if the workload has one, in nanoseconds since the start of the repeat on the monotonic clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intended_start_ns: Option<u64>,
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
    /// Nanoseconds from the start to the end of the task, retries and back-off included.
    pub fn duration_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }

    /// Nanoseconds from the start of the task to the first byte of the body.
    pub fn time_to_first_byte_ns(&self) -> Option<u64> {
        Some(self.first_byte_ns?.saturating_sub(self.start_ns))
    }
}
