//! The five S3 checksum algorithms: streaming, of synthetic content, and combined over parts.
//!
//! Values are what travels in `x-amz-checksum-*`: base64 of the big-endian digest.

use base64_simd::STANDARD as BASE64;
use crc_fast::{CrcAlgorithm, checksum_combine};
use serde::{Deserialize, Serialize};
use sha1::Digest as _;
use synthetic_content::{Content, RING_LEN};

/// A checksum algorithm of the S3 API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChecksumAlgorithm {
    /// CRC-32 (ISO-HDLC).
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// CRC-64/NVME.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl ChecksumAlgorithm {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name that the S3 API uses in values, such as `CRC32`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header and trailer that carry its value.
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The algorithm of an S3 API value or of a header name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name().eq_ignore_ascii_case(text) || a.header().eq_ignore_ascii_case(text))
    }

    /// Whether checksums of parts can be combined into the checksum of the whole.
    pub fn combines(self) -> bool {
        self.crc().is_some()
    }

    /// Length of a digest in bytes.
    fn digest_len(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

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

/// A running checksum.
pub(crate) enum Hasher {
    Crc(ChecksumAlgorithm, crc_fast::Digest),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Hasher {
    pub(crate) fn new(algorithm: ChecksumAlgorithm) -> Self {
        match algorithm {
            ChecksumAlgorithm::Sha1 => Self::Sha1(sha1::Sha1::new()),
            ChecksumAlgorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            crc => Self::Crc(crc, crc_fast::Digest::new(crc.crc().expect("the others are not CRCs"))),
        }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Crc(_, digest) => digest.update(data),
            Self::Sha1(digest) => digest.update(data),
            Self::Sha256(digest) => digest.update(data),
        }
    }

    pub(crate) fn finish(self) -> String {
        match self {
            Self::Crc(algorithm, digest) => encode_crc(algorithm, digest.finalize()),
            Self::Sha1(digest) => BASE64.encode_to_string(digest.finalize()),
            Self::Sha256(digest) => BASE64.encode_to_string(digest.finalize()),
        }
    }
}

/// The checksum of the first `len` bytes of `content`. CRCs take the time of one turn of the ring whatever
/// `len` is; the SHA family reads every byte, so call this off the async threads for them.
pub(crate) fn of_content(algorithm: ChecksumAlgorithm, content: Content, len: u64) -> String {
    let Some(crc) = algorithm.crc() else {
        let mut hasher = Hasher::new(algorithm);
        content.frames(0, len, 1 << 20).for_each(|frame| hasher.update(&frame));
        return hasher.finish();
    };
    let of = |len: u64| {
        let mut digest = crc_fast::Digest::new(crc);
        content.frames(0, len, 1 << 20).for_each(|frame| digest.update(&frame));
        digest.finalize()
    };
    let ring_len = RING_LEN as u64;
    let (turns, rest) = (len / ring_len, len % ring_len);
    let mut value = of(0);
    if turns > 0 {
        // Doubling: bit by bit of the number of turns, most significant first.
        let turn = of(ring_len);
        let mut done = 0;
        for bit in (0..=turns.ilog2()).rev() {
            value = checksum_combine(crc, value, value, done * ring_len);
            done *= 2;
            if turns >> bit & 1 == 1 {
                value = checksum_combine(crc, value, turn, ring_len);
                done += 1;
            }
        }
    }
    // The content repeats every turn, so the rest is what the content starts with.
    encode_crc(algorithm, checksum_combine(crc, value, of(rest), rest))
}

/// The checksum of an object from its parts' (size, value), if the values are of `algorithm`.
pub(crate) fn of_parts<'a>(
    algorithm: ChecksumAlgorithm,
    kind: ChecksumKind,
    parts: impl ExactSizeIterator<Item = (u64, &'a str)>,
) -> Option<Checksum> {
    let count = parts.len();
    let value = match kind {
        ChecksumKind::Composite => {
            let mut hasher = Hasher::new(algorithm);
            for (_, value) in parts {
                hasher.update(&decode(algorithm, value)?);
            }
            format!("{}-{count}", hasher.finish())
        }
        ChecksumKind::FullObject => {
            let crc = algorithm.crc()?;
            let mut whole = crc_fast::Digest::new(crc).finalize();
            for (size, value) in parts {
                let part = decode(algorithm, value)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
                whole = checksum_combine(crc, whole, part, size);
            }
            encode_crc(algorithm, whole)
        }
    };
    Some(Checksum { algorithm, kind, value })
}

/// The bytes of a value, if it is well formed for `algorithm`.
pub(crate) fn decode(algorithm: ChecksumAlgorithm, value: &str) -> Option<Vec<u8>> {
    BASE64.decode_to_vec(value).ok().filter(|digest| digest.len() == algorithm.digest_len())
}

fn encode_crc(algorithm: ChecksumAlgorithm, value: u64) -> String {
    let bytes = value.to_be_bytes();
    BASE64.encode_to_string(&bytes[8 - algorithm.digest_len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_bytes(algorithm: ChecksumAlgorithm, data: &[u8]) -> String {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(data);
        hasher.finish()
    }

    #[test]
    fn the_published_check_values() {
        let check = |algorithm| of_bytes(algorithm, b"123456789");
        assert_eq!(check(ChecksumAlgorithm::Crc32), BASE64.encode_to_string(0xCBF4_3926_u32.to_be_bytes()));
        assert_eq!(check(ChecksumAlgorithm::Crc32c), BASE64.encode_to_string(0xE306_9283_u32.to_be_bytes()));
        assert_eq!(
            check(ChecksumAlgorithm::Crc64Nvme),
            BASE64.encode_to_string(0xAE8B_1486_0A79_9888_u64.to_be_bytes())
        );
        assert_eq!(check(ChecksumAlgorithm::Sha1), "98O8HYCOBHMq32eZZczDTKeuNEE=");
        assert_eq!(check(ChecksumAlgorithm::Sha256), "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=");
    }

    #[test]
    fn content_of_several_turns_is_what_reading_it_gives() {
        let content = Content::of_key("some/key");
        for algorithm in ChecksumAlgorithm::ALL {
            for len in [0, 1, 4097, RING_LEN as u64, 3 * RING_LEN as u64 + 12_345] {
                let mut hasher = Hasher::new(algorithm);
                content.frames(0, len, 1 << 20).for_each(|frame| hasher.update(&frame));
                assert_eq!(of_content(algorithm, content, len), hasher.finish(), "{algorithm:?} {len}");
            }
        }
    }

    #[test]
    fn parts_combine_into_the_whole() {
        let data: Vec<u8> = Content::of_key("k").frames(0, 10_000, 10_000).flatten().collect();
        let (a, b) = data.split_at(3333);
        for algorithm in [ChecksumAlgorithm::Crc32, ChecksumAlgorithm::Crc32c, ChecksumAlgorithm::Crc64Nvme] {
            let values = [of_bytes(algorithm, a), of_bytes(algorithm, b)];
            let parts = [(a.len() as u64, values[0].as_str()), (b.len() as u64, values[1].as_str())];
            let whole = of_parts(algorithm, ChecksumKind::FullObject, parts.into_iter()).expect("values are right");
            assert_eq!(whole.value, of_bytes(algorithm, &data));
            let composite = of_parts(algorithm, ChecksumKind::Composite, parts.into_iter()).expect("values are right");
            assert!(composite.value.ends_with("-2"));
        }
        assert_eq!(of_parts(ChecksumAlgorithm::Sha1, ChecksumKind::FullObject, [].into_iter()), None);
    }

    #[test]
    fn names_and_headers_parse() {
        for algorithm in ChecksumAlgorithm::ALL {
            assert_eq!(ChecksumAlgorithm::parse(algorithm.name()), Some(algorithm));
            assert_eq!(ChecksumAlgorithm::parse(algorithm.header()), Some(algorithm));
            assert_eq!(serde_json::to_value(algorithm).expect("serializes"), algorithm.name());
        }
        assert_eq!(ChecksumAlgorithm::parse("MD5"), None);
    }
}
