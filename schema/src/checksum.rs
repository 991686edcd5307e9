//! Checksum algorithms of S3.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A checksum algorithm that S3 stores with an object and validates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Checksum {
    /// CRC-32 (ISO-HDLC).
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// CRC-64/NVME. Needs workload version 3.
    Crc64nvme,
}

impl Checksum {
    /// All algorithms, in the order in which people see them.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Sha1, Self::Sha256, Self::Crc64nvme];

    /// The name as S3 and the workload format spell it, `CRC32C`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Crc64nvme => "CRC64NVME",
        }
    }

    /// The oldest workload version that has this algorithm.
    pub fn since_version(self) -> u32 {
        match self {
            Self::Crc32 | Self::Crc32c | Self::Sha1 | Self::Sha256 => 2,
            Self::Crc64nvme => 3,
        }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no checksum algorithm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown checksum algorithm (CRC32, CRC32C, SHA1, SHA256 and CRC64NVME are known)")]
pub struct ChecksumError;

impl FromStr for Checksum {
    type Err = ChecksumError;

    fn from_str(text: &str) -> Result<Self, ChecksumError> {
        Self::ALL.into_iter().find(|checksum| checksum.as_str() == text).ok_or(ChecksumError)
    }
}

/// Makes the field `checksum` of a format's schema required. The field may be null but is always present, and the schema
/// of an `Option` would allow it to be left out.
pub(crate) fn require_field(schema: &mut schemars::Schema) {
    if let Some(required) = schema.get_mut("required").and_then(serde_json::Value::as_array_mut) {
        required.push("checksum".into());
    }
}
