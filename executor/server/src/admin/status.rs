//! The answer to `status`, and the answer to a call that is refused.

use serde::{Deserialize, Serialize};

/// What a running server says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of this crate.
    pub version: String,
    /// Process id.
    pub process: u32,
    /// Whether requests are being recorded.
    pub recording: bool,
    /// Number of requests that are to be recorded and have not ended yet.
    #[serde(default)]
    pub under_way: u64,
    /// Number of fault rules that are set.
    pub fault_rules: usize,
}

/// Why an admin call was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// A lowercase phrase without a full stop.
    pub error: String,
}
