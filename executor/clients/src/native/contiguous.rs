//! The synthetic ring twice in a row, for libraries that take a payload in one piece only: a slice of up to the ring's
//! length then never has to be put together.

use std::sync::OnceLock;

use bytes::Bytes;
use synthetic_content::{Content, RING_LEN, ring};

/// The longest slice.
pub const LONGEST: usize = RING_LEN;

static TWICE: OnceLock<Bytes> = OnceLock::new();

/// Makes what slices are taken from; later calls cost nothing. Call it before a clock starts.
pub fn make() -> &'static Bytes {
    TWICE.get_or_init(|| {
        let once = &ring()[..RING_LEN];
        [once, once].concat().into()
    })
}

/// The bytes of `content` from `offset` on, `len` of them (at most [`LONGEST`]), without a copy.
pub fn slice(content: Content, offset: u64, len: usize) -> Bytes {
    assert!(len <= LONGEST, "a slice is no longer than the ring");
    let start = content.skip(offset).start() as usize;
    make().slice(start..start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_the_content_wherever_it_starts() {
        for start in [0, 1, RING_LEN as u64 - 1] {
            let content = Content::from_start(start);
            for (offset, len) in [(0, LONGEST), (12_345_678, 9 << 20), (7, 0)] {
                let slice = slice(content, offset, len);
                assert_eq!((slice.len(), content.mismatch(offset, &slice)), (len, None), "{start} {offset}");
            }
        }
    }
}
