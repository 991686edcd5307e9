//! A checksum computed piece by piece.

use base64_simd::STANDARD as BASE64;
use sha1::Digest as _;

use super::{algorithm::ChecksumAlgorithm, value::encode_crc};

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
            ChecksumAlgorithm::Crc32 | ChecksumAlgorithm::Crc32c | ChecksumAlgorithm::Crc64Nvme => {
                Self::Crc(algorithm, crc_fast::Digest::new(algorithm.crc().expect("these are CRCs")))
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_values() {
        let check = |algorithm| {
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"123456789");
            hasher.finish()
        };
        assert_eq!(check(ChecksumAlgorithm::Crc32), BASE64.encode_to_string(0xCBF4_3926_u32.to_be_bytes()));
        assert_eq!(check(ChecksumAlgorithm::Crc32c), BASE64.encode_to_string(0xE306_9283_u32.to_be_bytes()));
        assert_eq!(
            check(ChecksumAlgorithm::Crc64Nvme),
            BASE64.encode_to_string(0xAE8B_1486_0A79_9888_u64.to_be_bytes())
        );
        assert_eq!(check(ChecksumAlgorithm::Sha1), "98O8HYCOBHMq32eZZczDTKeuNEE=");
        assert_eq!(check(ChecksumAlgorithm::Sha256), "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=");
    }
}
