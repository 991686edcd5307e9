//! The content of a key, and ranges of it in frames.

use bytes::Bytes;

use crate::ring::{RING_LEN, RING_OVERLAP, ring};

/// The content of one key, as the position of its first byte in the ring.
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

    /// The same content without its first `offset` bytes.
    #[must_use]
    pub fn skip(self, offset: u64) -> Self {
        Self::from_start(u64::from(self.start) + offset % RING_LEN as u64)
    }

    /// Up to `len` bytes from `offset` on, as a slice of the ring without a copy. It has at least
    /// `min(len, RING_OVERLAP)` bytes, and more if the ring's end is further away.
    pub fn slice(self, offset: u64, len: usize) -> Bytes {
        let from = self.skip(offset).start as usize;
        let to = from.saturating_add(len).min(RING_LEN + RING_OVERLAP);
        ring().slice(from..to)
    }

    /// `len` bytes from `offset` on, in frames of at most `frame` bytes (and at most [`RING_OVERLAP`]). Frames are slices
    /// of the ring, without a copy.
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

    /// The index of the first byte of `data` that differs from this content from `offset` on, if any differs.
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

/// A range of [`Content`] in frames, which are slices of the ring.
#[derive(Debug, Clone)]
pub struct Frames {
    content: Content,
    left: u64,
    frame: usize,
}

impl Frames {
    /// Number of bytes in the frames still to come.
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
