//! A baseline: runs that later ones are held against, in a file of its own that can be kept beside the code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::RunRecord;

/// Format version of baselines.
pub const VERSION: u32 = 1;

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// [`VERSION`].
    pub version: u32,
    /// Its name.
    pub name: String,
    /// When it was saved, RFC 3339 in UTC.
    pub saved_at: String,
    /// Version of the wlx that saved it.
    pub wlx_version: String,
    /// The runs, oldest first; each has good warm repeats.
    pub runs: Vec<RunRecord>,
}
