//! What the admin calls carry, but for records and faults.

use serde::{Deserialize, Serialize};

use crate::checksum::ChecksumAlgorithm;

/// An object that is to exist with the synthetic content of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclaredObject {
    /// The bucket, which must exist or be ensured by the same request.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// The checksum that the object is to have stored, if any.
    #[serde(default)]
    pub checksum: Option<ChecksumAlgorithm>,
}

/// Declares objects: they then exist, at no cost in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclareRequest {
    /// A bucket to make first, if it is not there.
    #[serde(default)]
    pub ensure_bucket: Option<String>,
    /// The objects. Those that are already as declared are kept.
    pub objects: Vec<DeclaredObject>,
}

/// What became of a [`DeclareRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeclareResponse {
    /// How many objects were made.
    pub declared: usize,
    /// How many were there already.
    pub kept: usize,
}

/// What the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of this crate.
    pub version: String,
    /// Process id.
    pub process: u32,
    /// Whether requests are being recorded.
    pub recording: bool,
    /// How many requests are to be recorded that have not ended yet.
    #[serde(default)]
    pub under_way: u64,
    /// How many fault rules are set.
    pub fault_rules: usize,
}

/// Why an admin call was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// A lowercase phrase.
    pub error: String,
}
