//! How an object is uploaded: in one PUT, or in parts.

use std::ops::Range;

use super::Wanted;

/// Part size of all clients (contract 5).
const PART: u64 = 8 << 20;
/// Up to this size one PUT is as fast as parts.
const SINGLE: u64 = 16 << 20;
/// The largest object that S3 takes in one PUT.
const LARGEST_PUT: u64 = 5 << 30;
/// The most parts that S3 takes.
const MOST_PARTS: u64 = 10_000;

/// Whether `wanted` is uploaded in parts. Checksums of parts are not the checksum of the whole, which
/// readers can validate with no knowledge of the parts: with a checksum, parts are for what no PUT can hold.
pub(super) fn is_in_parts(wanted: &Wanted) -> bool {
    wanted.need.size > if wanted.need.checksum.is_some() { LARGEST_PUT } else { SINGLE }
}

/// The ranges of the parts of an object of `size` bytes: 8 MiB each, or more (in whole MiB) where that
/// would be too many.
pub(super) fn parts(size: u64) -> impl Iterator<Item = (i32, Range<u64>)> {
    let part = PART.max(size.div_ceil(MOST_PARTS).next_multiple_of(1 << 20));
    (1..)
        .zip((0..size).step_by(usize::try_from(part).expect("64 bits")))
        .map(move |(number, start)| (number, start..size.min(start + part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_object_and_are_never_too_many() {
        let cut = |size| parts(size).map(|(_, range)| range.end - range.start).collect::<Vec<_>>();
        assert_eq!(cut((16 << 20) + 1), [8 << 20, 8 << 20, 1]);
        assert_eq!(cut(30 << 30).len(), 3840);
        let largest = cut(5 << 40);
        assert!(largest.len() <= 10_000 && largest.iter().sum::<u64>() == 5 << 40, "{}", largest.len());
    }
}
