//! The ring that all content is a slice of.

use std::sync::OnceLock;

use bytes::Bytes;

/// Length of the ring in bytes: the smallest prime above 16 MiB.
pub const RING_LEN: usize = 16_777_259;

/// Number of bytes after the ring that repeat its start. A slice of up to this length never wraps around.
pub const RING_OVERLAP: usize = 1 << 20;

/// The seed of the ring. It is part of the format, because another seed makes other content.
const RING_SEED: &[u8] = b"workload synthetic content, version 1";

static RING: OnceLock<Bytes> = OnceLock::new();

/// Whether the ring exists already. Call [`ring`] before you start a clock on work that uses content.
pub fn ring_is_made() -> bool {
    RING.get().is_some()
}

/// The ring, followed by its first [`RING_OVERLAP`] bytes. The first call in a process makes it.
pub fn ring() -> &'static Bytes {
    RING.get_or_init(|| {
        let mut bytes = vec![0_u8; RING_LEN + RING_OVERLAP];
        blake3::Hasher::new().update(RING_SEED).finalize_xof().fill(&mut bytes[..RING_LEN]);
        bytes.copy_within(..RING_OVERLAP, RING_LEN);
        Bytes::from(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_the_published_one() {
        let hash = blake3::hash(&ring()[..RING_LEN]).to_hex();
        assert_eq!(&hash[..16], "3e0bc70524a0be83", "other bytes would make every prepared object wrong");
        assert_eq!(ring()[..RING_OVERLAP], ring()[RING_LEN..]);
        assert!((2..=4096).all(|divisor| !RING_LEN.is_multiple_of(divisor)), "a prime: its square root is below 4097");
    }
}
