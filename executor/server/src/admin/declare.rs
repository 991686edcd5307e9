//! Declared objects: they exist with synthetic content, without any bytes being sent or stored.

use serde::{Deserialize, Serialize};

use crate::checksum::ChecksumAlgorithm;

/// An object that is to exist with the synthetic content of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclaredObject {
    /// The bucket. It must exist, or be the request's `ensure_bucket`.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Algorithm of the checksum that is to be stored with the object, if any.
    #[serde(default)]
    pub checksum: Option<ChecksumAlgorithm>,
}

/// Declares objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclareRequest {
    /// A bucket that is created first if it does not exist.
    #[serde(default)]
    pub ensure_bucket: Option<String>,
    /// The objects. Those that already exist as declared are kept.
    pub objects: Vec<DeclaredObject>,
}

/// The result of a [`DeclareRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeclareResponse {
    /// Number of objects that were made.
    pub declared: usize,
    /// Number of objects that already existed as declared.
    pub kept: usize,
}
