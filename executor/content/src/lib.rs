//! Synthetic content: the bytes of a prepared object, a generated file and a RAM upload are a
//! function of their key and offset.
//!
//! All content is a slice of one fixed pseudo-random ring. The ring starts for each key at an offset
//! derived from the key, so any range costs a copy at memory speed, or nothing as a [`Bytes`] slice; it is
//! incompressible, differs between objects and parts and can be verified anywhere. Its length is a
//! prime, so parts of a power-of-two size never see the same bytes at the same place twice.
//!
//! Deliberately absent: I/O, randomness, per-key generation.

use std::sync::OnceLock;

use bytes::Bytes;

/// Length of the ring in bytes: the smallest prime above 16 MiB.
pub const RING_LEN: usize = 16_777_259;

/// Bytes that follow the ring and repeat its start, so that a slice of up to this length needs no wrap.
pub const RING_OVERLAP: usize = 1 << 20;

/// What the ring is generated from. Part of the format: another value makes other content.
const RING_SEED: &[u8] = b"workload synthetic content, version 1";

static RING: OnceLock<Bytes> = OnceLock::new();

/// Whether the ring is made already: whoever starts a clock on its content makes it first, by [`ring`].
pub fn ring_is_made() -> bool {
    RING.get().is_some()
}

/// The ring, followed by its first [`RING_OVERLAP`] bytes. Made once a process, at the first call.
pub fn ring() -> &'static Bytes {
    RING.get_or_init(|| {
        let mut bytes = vec![0_u8; RING_LEN + RING_OVERLAP];
        blake3::Hasher::new().update(RING_SEED).finalize_xof().fill(&mut bytes[..RING_LEN]);
        bytes.copy_within(..RING_OVERLAP, RING_LEN);
        Bytes::from(bytes)
    })
}

/// The content of one key: where in the ring its first byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Content {
    start: u32,
}

impl Content {
    /// The content that belongs to `key`.
    pub fn of_key(key: &str) -> Self {
        let hash = blake3::hash(key.as_bytes());
        let word = u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("8 bytes"));
        Self::from_start(word % RING_LEN as u64)
    }

    /// Content whose first byte is at ring position `start` (taken modulo the ring's length).
    pub fn from_start(start: u64) -> Self {
        let start = start % RING_LEN as u64;
        Self { start: u32::try_from(start).expect("the ring is shorter than 4 GiB") }
    }

    /// Ring position of the first byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// The same content seen from `offset` bytes further on.
    #[must_use]
    pub fn skip(self, offset: u64) -> Self {
        Self::from_start(u64::from(self.start) + offset % RING_LEN as u64)
    }

    /// Up to `len` bytes from `offset` as a zero-copy slice of the ring: at least
    /// `min(len, RING_OVERLAP)` of them, more where the ring's end is further away.
    pub fn slice(self, offset: u64, len: usize) -> Bytes {
        let from = self.skip(offset).start as usize;
        let to = from.saturating_add(len).min(RING_LEN + RING_OVERLAP);
        ring().slice(from..to)
    }

    /// The bytes from `offset` on, `len` of them, as zero-copy frames of at most `frame` bytes
    /// (and at most [`RING_OVERLAP`]).
    pub fn frames(self, offset: u64, len: u64, frame: usize) -> Frames {
        Frames { content: self.skip(offset), left: len, frame: frame.clamp(1, RING_OVERLAP) }
    }

    /// Fills `buffer` with the bytes from `offset` on.
    pub fn fill(self, offset: u64, buffer: &mut [u8]) {
        let mut done = 0;
        while done < buffer.len() {
            let part = self.slice(offset + done as u64, buffer.len() - done);
            buffer[done..done + part.len()].copy_from_slice(&part);
            done += part.len();
        }
    }

    /// Where `data`, standing at `offset`, first differs from this content, if anywhere (index into `data`).
    pub fn mismatch(self, offset: u64, data: &[u8]) -> Option<usize> {
        let mut done = 0;
        while done < data.len() {
            let part = self.slice(offset + done as u64, data.len() - done);
            let theirs = &data[done..done + part.len()];
            if theirs != part {
                return theirs.iter().zip(part.iter()).position(|(a, b)| a != b).map(|at| done + at);
            }
            done += part.len();
        }
        None
    }
}

/// Zero-copy frames of a range of [`Content`].
#[derive(Debug, Clone)]
pub struct Frames {
    content: Content,
    left: u64,
    frame: usize,
}

impl Frames {
    /// Bytes still to come.
    pub fn remaining(&self) -> u64 {
        self.left
    }
}

impl Iterator for Frames {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.left == 0 {
            return None;
        }
        let len = self.frame.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let frame = self.content.slice(0, len);
        self.content = self.content.skip(frame.len() as u64);
        self.left -= frame.len() as u64;
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ring_is_the_published_one() {
        let hash = blake3::hash(&ring()[..RING_LEN]).to_hex();
        assert_eq!(&hash[..16], "3e0bc70524a0be83", "other bytes would make every prepared object wrong");
        assert_eq!(ring()[..RING_OVERLAP], ring()[RING_LEN..]);
        assert!((2..=4096).all(|divisor| !RING_LEN.is_multiple_of(divisor)), "a prime: its square root is below 4097");
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_bytes(start in 0..RING_LEN as u64, cut in 0_usize..4096, frame in 1_usize..3000) {
            let content = Content::from_start(start);
            let mut whole = vec![0; 4096];
            content.fill(0, &mut whole);
            let mut tail = vec![0; 4096 - cut];
            content.fill(cut as u64, &mut tail);
            prop_assert_eq!(&whole[cut..], &tail[..]);
            let framed: Vec<u8> = content.frames(0, 4096, frame).flatten().collect();
            prop_assert_eq!(&framed, &whole);
            prop_assert_eq!(content.mismatch(cut as u64, &tail), None);
        }

        #[test]
        fn a_changed_byte_is_found_where_it_is(start in 0..RING_LEN as u64, at in 0_usize..4096) {
            let content = Content::from_start(start);
            let mut data = vec![0; 4096];
            content.fill(0, &mut data);
            data[at] ^= 1;
            prop_assert_eq!(content.mismatch(0, &data), Some(at));
        }
    }

    #[test]
    fn two_keys_have_different_content() {
        let ours: Vec<u8> = Content::of_key("upload/1KiB-1x/1").frames(0, 1024, 1024).flatten().collect();
        let other: Vec<u8> = Content::of_key("upload/1KiB-2x/1").frames(0, 1024, 1024).flatten().collect();
        assert_ne!(ours, other);
    }
}
