//! Request bodies of the bare client.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use synthetic_content::{Content, Frames};

/// Bytes of a frame: enough that the cost per frame is negligible.
const FRAME: usize = 256 * 1024;

/// A body of known length that is sent without a copy.
#[derive(Debug, Clone)]
pub enum BareBody {
    /// Bytes in memory, in pieces.
    Bytes(VecDeque<Bytes>),
    /// Synthetic content.
    Synthetic(Frames),
}

impl BareBody {
    /// No body.
    pub fn empty() -> Self {
        Self::Bytes(VecDeque::new())
    }

    /// `len` bytes of `content`, from `offset` on.
    pub fn synthetic(content: Content, offset: u64, len: u64) -> Self {
        Self::Synthetic(content.frames(offset, len, FRAME))
    }

    /// Number of bytes that are still to be sent.
    pub fn remaining(&self) -> u64 {
        match self {
            Self::Bytes(pieces) => pieces.iter().map(|piece| piece.len() as u64).sum(),
            Self::Synthetic(frames) => frames.remaining(),
        }
    }
}

impl<T: Into<Bytes>> From<T> for BareBody {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        Self::Bytes(if bytes.is_empty() { VecDeque::new() } else { VecDeque::from([bytes]) })
    }
}

impl Body for BareBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = match &mut *self {
            Self::Bytes(pieces) => pieces.pop_front(),
            Self::Synthetic(frames) => frames.next(),
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
