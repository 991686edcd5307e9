//! Checksums as they are stored, and their values as text.

use base64_simd::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::algorithm::ChecksumAlgorithm;

/// Whether a checksum is over the object's bytes or over the checksums of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ChecksumKind {
    FullObject,
    Composite,
}

/// A stored checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    pub algorithm: ChecksumAlgorithm,
    pub kind: ChecksumKind,
    /// As it stands in the header; a composite one ends in `-` and the number of parts.
    pub value: String,
}

impl Checksum {
    pub(crate) fn full(algorithm: ChecksumAlgorithm, value: String) -> Self {
        Self { algorithm, kind: ChecksumKind::FullObject, value }
    }
}

/// The bytes of a value, if it is well formed for `algorithm`.
pub(crate) fn decode(algorithm: ChecksumAlgorithm, value: &str) -> Option<Vec<u8>> {
    BASE64.decode_to_vec(value).ok().filter(|digest| digest.len() == algorithm.digest_len())
}

/// The text of a CRC value.
pub(super) fn encode_crc(algorithm: ChecksumAlgorithm, value: u64) -> String {
    let bytes = value.to_be_bytes();
    BASE64.encode_to_string(&bytes[8 - algorithm.digest_len()..])
}
