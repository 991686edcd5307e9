//! The checksum of synthetic content, which for CRCs takes the same time at every length.

use crc_fast::{CrcAlgorithm, checksum_combine};
use synthetic_content::{Content, RING_LEN};

use super::{algorithm::ChecksumAlgorithm, hasher::Hasher, value::encode_crc};

/// Bytes that are handed to a digest at a time.
const FRAME: usize = 1 << 20;

/// One turn of the ring in bytes.
const TURN: u64 = RING_LEN as u64;

/// The checksum of the first `len` bytes of `content`. A CRC takes the time of one turn of the ring, whatever `len` is.
/// SHA-1 and SHA-256 read every byte, so compute those off the async threads.
pub(crate) fn of_content(algorithm: ChecksumAlgorithm, content: Content, len: u64) -> String {
    let Some(crc) = algorithm.crc() else {
        let mut hasher = Hasher::new(algorithm);
        content.frames(0, len, FRAME).for_each(|frame| hasher.update(&frame));
        return hasher.finish();
    };
    let of = |len: u64| {
        let mut digest = crc_fast::Digest::new(crc);
        content.frames(0, len, FRAME).for_each(|frame| digest.update(&frame));
        digest.finalize()
    };
    let (turns, rest) = (len / TURN, len % TURN);
    let whole_turns = if turns > 0 { repeated(crc, of(TURN), turns) } else { of(0) };
    // The content repeats every turn, so the rest is the same as the beginning.
    encode_crc(algorithm, checksum_combine(crc, whole_turns, of(rest), rest))
}

/// The CRC of `turns` turns of the ring, at least one, from the CRC of one turn.
fn repeated(crc: CrcAlgorithm, turn: u64, turns: u64) -> u64 {
    let (mut value, mut done) = (turn, 1);
    // The bits of `turns` below the highest: each doubles what is done, and a set bit adds one turn.
    for bit in (0..turns.ilog2()).rev() {
        value = checksum_combine(crc, value, value, done * TURN);
        done *= 2;
        if turns >> bit & 1 == 1 {
            value = checksum_combine(crc, value, turn, TURN);
            done += 1;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_of_several_turns_is_what_reading_it_gives() {
        let content = Content::of_key("some/key");
        for algorithm in ChecksumAlgorithm::ALL {
            for len in [0, 1, 4097, RING_LEN as u64, 3 * RING_LEN as u64 + 12_345] {
                let mut hasher = Hasher::new(algorithm);
                content.frames(0, len, FRAME).for_each(|frame| hasher.update(&frame));
                assert_eq!(of_content(algorithm, content, len), hasher.finish(), "{algorithm:?} {len}");
            }
        }
    }
}
