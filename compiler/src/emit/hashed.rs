//! Hashing bytes while they are written.

use std::io::{self, Write};

/// A writer that hashes all bytes and passes them to another writer.
pub struct Hashed<W> {
    inner: W,
    hasher: blake3::Hasher,
}

impl<W> Hashed<W> {
    /// A writer to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: blake3::Hasher::new() }
    }

    /// The inner writer and the hash of all bytes.
    pub fn finish(self) -> (W, blake3::Hash) {
        (self.inner, self.hasher.finalize())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
