//! A range of synthetic content as an HTTP body: zero-copy frames of the ring, exact length, retryable.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use synthetic_content::{Content, Frames, RING_OVERLAP};

/// Bytes a frame: large enough that the cost of a frame vanishes, small enough to stay in the cache.
const FRAME: usize = 256 * 1024;

struct SyntheticBody(Frames);

impl Body for SyntheticBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.remaining())
    }
}

/// The bytes of `content` from `offset` on, `len` of them; in one piece where that is possible and `streamed` is not
/// asked for.
pub fn synthetic_body(content: Content, offset: u64, len: u64, streamed: bool) -> ByteStream {
    match usize::try_from(len) {
        Ok(short) if short <= RING_OVERLAP && !streamed => ByteStream::from(content.slice(offset, short)),
        _ => ByteStream::new(SdkBody::retryable(move || {
            SdkBody::from_body_1_x(SyntheticBody(content.frames(offset, len, FRAME)))
        })),
    }
}
