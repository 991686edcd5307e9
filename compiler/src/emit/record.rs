//! Records that differ only in a number: made once, counted up in place.
//!
//! Formatting each task of a large workload would take most of the compiler's time; copying a record of a
//! hundred bytes and adding one to its digits takes a few nanoseconds.

use super::Sink;

/// Bytes gathered before they are handed on: enough for the hash to run at full speed, small enough for the first
/// two levels of cache and for few page faults in a process that lives for two milliseconds.
const CHUNK: usize = 64 << 10;
/// Room for a chunk and the record that fills it.
pub const CHUNK_ROOM: usize = CHUNK + (8 << 10);

/// A record with `width` digits somewhere in it, starting at zero.
pub struct Record {
    bytes: Vec<u8>,
    /// One past the last digit.
    digits_end: usize,
}

impl Record {
    /// `before`, `width` zeros, `after`.
    pub fn numbered(before: &[u8], width: usize, after: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(before.len() + width + after.len());
        bytes.extend_from_slice(before);
        bytes.resize(before.len() + width, b'0');
        bytes.extend_from_slice(after);
        Self { digits_end: before.len() + width, bytes }
    }

    /// Bytes of one record.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether a record has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn increment(&mut self) {
        for digit in self.bytes[..self.digits_end].iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
    }
}

/// A buffer in front of a sink.
pub struct Chunks<'a, S: Sink> {
    buffer: Vec<u8>,
    sink: &'a mut S,
}

impl<'a, S: Sink> Chunks<'a, S> {
    /// Chunks that go to `sink`; `buffer` is reused.
    pub fn new(sink: &'a mut S, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.reserve_exact(CHUNK_ROOM);
        Self { buffer, sink }
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        self.flush_if_full()
    }

    /// Appends the records numbered from one up to `count`.
    pub fn push_numbered(&mut self, record: &mut Record, count: u64) -> std::io::Result<()> {
        for _ in 0..count {
            record.increment();
            self.buffer.extend_from_slice(&record.bytes);
            self.flush_if_full()?;
        }
        Ok(())
    }

    /// Takes back the last `count` bytes: the separator behind the last record.
    ///
    /// The buffer is flushed only up to its last 16 bytes, so that they are still there.
    pub fn retract(&mut self, count: usize) {
        let left = self.buffer.len() - count;
        self.buffer.truncate(left);
    }

    fn flush_if_full(&mut self) -> std::io::Result<()> {
        const KEPT: usize = 16;
        if self.buffer.len() >= CHUNK {
            let flushed = self.buffer.len() - KEPT;
            self.sink.write(&self.buffer[..flushed])?;
            self.buffer.drain(..flushed);
        }
        Ok(())
    }

    /// Hands on what is left, and gives the buffer back.
    pub fn finish(self) -> std::io::Result<Vec<u8>> {
        self.sink.write(&self.buffer)?;
        Ok(self.buffer)
    }
}
