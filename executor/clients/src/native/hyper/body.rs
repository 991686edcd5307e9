//! Bodies of requests: of known length, sent without being copied, cheap to clone for another attempt.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use synthetic_content::{Content, Frames, RING_OVERLAP};
use workload_schema::Checksum;

use super::checksum::Hasher;

/// Bytes a frame: large enough that the cost of a frame vanishes, small enough to stay in the cache.
const FRAME: usize = 256 * 1024;

/// What a request carries.
#[derive(Debug, Clone)]
pub enum RequestBody {
    /// One piece, or nothing.
    Piece(Bytes),
    /// A range of the synthetic ring, longer than one piece of it.
    Ring(Frames),
}

impl RequestBody {
    /// No body.
    pub fn empty() -> Self {
        Self::Piece(Bytes::new())
    }

    /// `len` bytes of `content` from `offset` on.
    pub fn synthetic(content: Content, offset: u64, len: u64) -> Self {
        match usize::try_from(len) {
            Ok(short) if short <= RING_OVERLAP => Self::Piece(content.slice(offset, short)),
            _ => Self::Ring(content.frames(offset, len, FRAME)),
        }
    }

    /// Bytes that are still to be sent.
    pub fn remaining(&self) -> u64 {
        match self {
            Self::Piece(bytes) => bytes.len() as u64,
            Self::Ring(frames) => frames.remaining(),
        }
    }

    /// The checksum of what is still to be sent.
    pub fn checksum(&self, checksum: Checksum) -> String {
        let mut hasher = Hasher::new(checksum);
        match self {
            Self::Piece(bytes) => hasher.update(bytes),
            Self::Ring(frames) => frames.clone().for_each(|frame| hasher.update(&frame)),
        }
        hasher.value()
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = match &mut *self {
            Self::Piece(bytes) => Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()),
            Self::Ring(frames) => frames.next(),
        };
        Poll::Ready(data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining())
    }
}
