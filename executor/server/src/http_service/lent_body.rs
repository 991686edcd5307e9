//! Request bodies of which the rest can be read after an early answer.
//!
//! If a request is refused before its body was read, unread bytes are left in the socket. Closing the socket then sends a
//! reset, which can overtake the answer, and the client sees a broken pipe instead of a 403 or 503.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use s3s::Body;

/// At most this many unread bytes of a body are read. With more, the connection is closed instead.
const MAX_DRAIN: u64 = 64 << 20;

struct Shared {
    body: Mutex<Incoming>,
    begun: AtomicBool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Incoming> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.begun.store(true, Ordering::Relaxed);
        Pin::new(&mut *self.lock()).poll_frame(cx)
    }
}

/// The body as the handler of the request reads it.
struct LentBody(Arc<Shared>);

impl HttpBody for LentBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.0.poll(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().size_hint()
    }
}

/// The same body, kept to read what the handler did not.
pub(super) struct Rest {
    shared: Option<Arc<Shared>>,
    /// The client sent `Expect`, so it sends nothing before the server begins to read.
    waits: bool,
}

/// Splits a request's body into the one that the handler reads and the rest of it.
pub(super) fn lend(headers: &HeaderMap, body: Incoming) -> (Body, Rest) {
    if body.is_end_stream() {
        return (Body::empty(), Rest { shared: None, waits: false });
    }
    let shared = Arc::new(Shared { body: Mutex::new(body), begun: AtomicBool::new(false) });
    let rest = Rest { shared: Some(Arc::clone(&shared)), waits: headers.contains_key(header::EXPECT) };
    (Body::http_body(LentBody(shared)), rest)
}

impl Rest {
    /// Reads what is left of the body, and returns whether that was all of it. If not, the connection cannot be used for
    /// another request.
    pub(super) async fn drain(self) -> bool {
        let Some(shared) = self.shared else { return true };
        if self.waits && !shared.begun.load(Ordering::Relaxed) {
            return false;
        }
        let mut left = MAX_DRAIN;
        // On an error the client is gone. Sending the answer fails then, and ends the connection.
        while let Some(Ok(frame)) = std::future::poll_fn(|cx| shared.poll(cx)).await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len() as u64));
            if left == 0 {
                return false;
            }
        }
        true
    }
}
