//! Request bodies that can be read on after an early answer.
//!
//! A request that is refused before its body was read would otherwise end with unread bytes in the socket, and so in a
//! reset that may overtake the answer: the client would see a broken pipe where it should see 403 or 503.

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

/// Bodies longer than this are cut off rather than read on for nothing.
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

/// What the handler of the request reads.
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

/// What is kept to read the rest.
pub(crate) struct Rest {
    shared: Option<Arc<Shared>>,
    /// The client sends nothing before it is told to, which reading does.
    waits: bool,
}

/// Lends a request's body out.
pub(crate) fn lend(headers: &HeaderMap, body: Incoming) -> (Body, Rest) {
    if body.is_end_stream() {
        return (Body::empty(), Rest { shared: None, waits: false });
    }
    let shared = Arc::new(Shared { body: Mutex::new(body), begun: AtomicBool::new(false) });
    let rest = Rest { shared: Some(Arc::clone(&shared)), waits: headers.contains_key(header::EXPECT) };
    (Body::http_body(LentBody(shared)), rest)
}

impl Rest {
    /// Reads what is left of the body, if that is not too much; answers whether all of it was read. Where it was not, the
    /// connection cannot be used again.
    pub(crate) async fn drain(self) -> bool {
        let Some(shared) = self.shared else { return true };
        if self.waits && !shared.begun.load(Ordering::Relaxed) {
            return false;
        }
        let mut left = MAX_DRAIN;
        // An error means that there is nobody left to answer, which shows when the answer is sent.
        while let Some(Ok(frame)) = std::future::poll_fn(|cx| shared.poll(cx)).await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len() as u64));
            if left == 0 {
                return false;
            }
        }
        true
    }
}
