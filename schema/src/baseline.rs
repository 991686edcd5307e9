//! Baselines: files of stored runs that later runs are compared with. They can be committed beside the code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::RunRecord;

/// Format version of baselines.
pub const VERSION: u32 = 1;

/// A baseline file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// Format version of the file: [`VERSION`].
    pub version: u32,
    /// Name of the baseline.
    pub name: String,
    /// When it was saved, as RFC 3339 in UTC.
    pub saved_at: String,
    /// Version of `wlx` that saved it.
    pub wlx_version: String,
    /// The runs, oldest first. Each has good warm repeats.
    pub runs: Vec<RunRecord>,
}
