//! The checksum of an object from those of its parts.

use crc_fast::checksum_combine;

use super::{
    algorithm::ChecksumAlgorithm,
    hasher::Hasher,
    value::{Checksum, ChecksumKind, decode, encode_crc},
};

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

#[cfg(test)]
mod tests {
    use synthetic_content::Content;

    use super::*;

    fn of_bytes(algorithm: ChecksumAlgorithm, data: &[u8]) -> String {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(data);
        hasher.finish()
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
}
