//! The S3 API has one field for each checksum algorithm; the store has one checksum.

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

/// The checksum that `$from` has, as an `Option<(ChecksumAlgorithm, String)>`.
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

/// A stored checksum as the pair that the fields are set from.
pub(super) fn pair(checksum: Option<&Checksum>) -> Option<(ChecksumAlgorithm, String)> {
    checksum.map(|checksum| (checksum.algorithm, checksum.value.clone()))
}

/// What the API calls the kind.
pub(super) fn kind(kind: ChecksumKind) -> ChecksumType {
    ChecksumType::from_static(match kind {
        ChecksumKind::FullObject => ChecksumType::FULL_OBJECT,
        ChecksumKind::Composite => ChecksumType::COMPOSITE,
    })
}

/// What the API calls the algorithm.
pub(super) fn algorithm(algorithm: ChecksumAlgorithm) -> dto::ChecksumAlgorithm {
    dto::ChecksumAlgorithm::from_static(algorithm.name())
}
