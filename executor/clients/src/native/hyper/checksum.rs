//! The five checksums of S3, as they stand in headers: base64 of the big-endian digest.

use base64_simd::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;
use http::HeaderName;
use sha1::Digest as _;
use workload_schema::Checksum;

/// The header of an algorithm.
pub fn header_of(checksum: Checksum) -> HeaderName {
    HeaderName::from_static(match checksum {
        Checksum::Crc32 => "x-amz-checksum-crc32",
        Checksum::Crc32c => "x-amz-checksum-crc32c",
        Checksum::Sha1 => "x-amz-checksum-sha1",
        Checksum::Sha256 => "x-amz-checksum-sha256",
        Checksum::Crc64nvme => "x-amz-checksum-crc64nvme",
    })
}

/// A checksum while its bytes come.
pub enum Hasher {
    Crc(crc_fast::Digest, usize),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Hasher {
    /// Nothing hashed yet.
    pub fn new(checksum: Checksum) -> Self {
        let crc = |algorithm, bytes| Self::Crc(crc_fast::Digest::new(algorithm), bytes);
        match checksum {
            Checksum::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc, 4),
            Checksum::Crc32c => crc(CrcAlgorithm::Crc32Iscsi, 4),
            Checksum::Crc64nvme => crc(CrcAlgorithm::Crc64Nvme, 8),
            Checksum::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Checksum::Sha256 => Self::Sha256(sha2::Sha256::new()),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(digest, _) => digest.update(bytes),
            Self::Sha1(digest) => digest.update(bytes),
            Self::Sha256(digest) => digest.update(bytes),
        }
    }

    /// The value of the header.
    pub fn value(self) -> String {
        match self {
            Self::Crc(digest, bytes) => BASE64.encode_to_string(&digest.finalize().to_be_bytes()[8 - bytes..]),
            Self::Sha1(digest) => BASE64.encode_to_string(digest.finalize()),
            Self::Sha256(digest) => BASE64.encode_to_string(digest.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the algorithms' definitions.
    #[test]
    fn values_are_as_published() {
        for (checksum, value) in [
            (Checksum::Crc32, "y/Q5Jg=="),
            (Checksum::Crc32c, "4waSgw=="),
            (Checksum::Crc64nvme, "rosUhgp5mIg="),
            (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let mut hasher = Hasher::new(checksum);
            hasher.update(b"1234");
            hasher.update(b"56789");
            assert_eq!(hasher.value(), value, "{checksum}");
        }
    }
}
