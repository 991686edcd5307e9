//! Converts between the one checksum of an object and the S3 API, which has one field per algorithm.

use s3s::dto::{self, ChecksumType};

use crate::checksum::{Checksum, ChecksumAlgorithm, ChecksumKind};

/// Sets the field of `$to` that belongs to the algorithm of `$checksum`, an `Option<(ChecksumAlgorithm, String)>`.
macro_rules! set_checksum {
    ($to:expr, $checksum:expr) => {
        if let Some((algorithm, value)) = $checksum {
            let field = match algorithm {
                $crate::checksum::ChecksumAlgorithm::Crc32 => &mut $to.checksum_crc32,
                $crate::checksum::ChecksumAlgorithm::Crc32c => &mut $to.checksum_crc32c,
                $crate::checksum::ChecksumAlgorithm::Crc64Nvme => &mut $to.checksum_crc64nvme,
                $crate::checksum::ChecksumAlgorithm::Sha1 => &mut $to.checksum_sha1,
                $crate::checksum::ChecksumAlgorithm::Sha256 => &mut $to.checksum_sha256,
            };
            *field = Some(value);
        }
    };
}

/// Takes the checksum out of `$from`, as an `Option<(ChecksumAlgorithm, String)>`.
macro_rules! get_checksum {
    ($from:expr) => {
        [
            ($crate::checksum::ChecksumAlgorithm::Crc32, $from.checksum_crc32.take()),
            ($crate::checksum::ChecksumAlgorithm::Crc32c, $from.checksum_crc32c.take()),
            ($crate::checksum::ChecksumAlgorithm::Crc64Nvme, $from.checksum_crc64nvme.take()),
            ($crate::checksum::ChecksumAlgorithm::Sha1, $from.checksum_sha1.take()),
            ($crate::checksum::ChecksumAlgorithm::Sha256, $from.checksum_sha256.take()),
        ]
        .into_iter()
        .find_map(|(algorithm, value)| Some((algorithm, value?)))
    };
}

pub(super) use {get_checksum, set_checksum};

/// A stored checksum as the pair that [`set_checksum`] takes.
pub(super) fn pair(checksum: Option<&Checksum>) -> Option<(ChecksumAlgorithm, String)> {
    checksum.map(|checksum| (checksum.algorithm, checksum.value.clone()))
}

/// The kind by its name in the S3 API.
pub(super) fn kind(kind: ChecksumKind) -> ChecksumType {
    ChecksumType::from_static(match kind {
        ChecksumKind::FullObject => ChecksumType::FULL_OBJECT,
        ChecksumKind::Composite => ChecksumType::COMPOSITE,
    })
}

/// The algorithm by its name in the S3 API.
pub(super) fn algorithm(algorithm: ChecksumAlgorithm) -> dto::ChecksumAlgorithm {
    dto::ChecksumAlgorithm::from_static(algorithm.name())
}
