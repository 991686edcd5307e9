//! Synthetic content as a request body: frames are slices of the ring, so nothing is copied or generated,
//! and an attempt that fails starts again from the same range.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use synthetic_content::{Content, Frames};

use crate::prep::Meter;

/// Bytes per frame: enough to cost little per frame, few enough to stay in a core's cache.
const FRAME: usize = 256 << 10;

/// `size` bytes of `content` from `offset` on as a body that can be sent again; moves `meter` as it is sent.
pub(super) fn synthetic(content: Content, offset: u64, size: u64, meter: &Arc<Meter>) -> ByteStream {
    let sent = Arc::new(Sent { meter: Arc::clone(meter), bytes: AtomicU64::new(0) });
    ByteStream::new(SdkBody::retryable(move || {
        sent.restart();
        SdkBody::from_body_1_x(ContentBody { frames: content.frames(offset, size, FRAME), sent: Arc::clone(&sent) })
    }))
}

/// How far the attempts of one request have moved the meter.
#[derive(Debug)]
struct Sent {
    meter: Arc<Meter>,
    bytes: AtomicU64,
}

impl Sent {
    fn restart(&self) {
        self.meter.take_back(self.bytes.swap(0, Relaxed));
    }
}

struct ContentBody {
    frames: Frames,
    sent: Arc<Sent>,
}

impl Body for ContentBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = self.frames.next();
        if let Some(frame) = &frame {
            self.sent.bytes.fetch_add(frame.len() as u64, Relaxed);
            self.sent.meter.add(frame.len() as u64);
        }
        Poll::Ready(frame.map(|frame| Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.frames.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.frames.remaining())
    }
}
