//! The digest of a compiled workload: equal digests mean byte-identical work.
//!
//! It is BLAKE3, because SHA-256 would add 1.7 ms of CPU time to a build of the standard set that takes 5 ms. `b3sum`
//! prints the same value.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `blake3:` and 64 hexadecimal digits over the bytes of a `.run.json` file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
#[schemars(!try_from)]
pub struct WorkloadDigest(#[schemars(regex(pattern = "^blake3:[0-9a-f]{64}$"))] String);

/// A text that is not a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is `blake3:` and 64 lower-case hexadecimal digits")]
pub struct WorkloadDigestError;

impl TryFrom<String> for WorkloadDigest {
    type Error = WorkloadDigestError;

    fn try_from(text: String) -> Result<Self, WorkloadDigestError> {
        let hex = text.strip_prefix("blake3:").ok_or(WorkloadDigestError)?;
        let fits = hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(Self(text)) } else { Err(WorkloadDigestError) }
    }
}

impl WorkloadDigest {
    /// The digest of a compiled workload's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// The digest of the bytes that a BLAKE3 hasher has seen.
    pub fn from_hash(hash: blake3::Hash) -> Self {
        Self(format!("blake3:{}", hash.to_hex()))
    }

    /// The whole digest, `blake3:` included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve hexadecimal digits, for tables.
    pub fn short(&self) -> &str {
        self.0.get("blake3:".len()..).and_then(|hex| hex.get(..12)).unwrap_or(&self.0)
    }
}

impl fmt::Display for WorkloadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
