//! The body of a request that is recorded or has a fault applied to it: counted and, if a fault says so, slowed.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use s3s::{Body, StdError};

use super::pace::Pace;
use crate::faults::BodyPlan;

/// Passes a request's body on and counts its bytes.
pub(super) struct ObservedRequestBody {
    inner: Body,
    received: Arc<AtomicU64>,
    pace: Pace,
}

impl ObservedRequestBody {
    /// Adds each byte that is read from `inner` to `received`.
    pub(super) fn new(inner: Body, received: Arc<AtomicU64>, plan: &BodyPlan) -> Self {
        Self { inner, received, pace: Pace::new(plan.bytes_per_second) }
    }
}

impl HttpBody for ObservedRequestBody {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        ready!(self.pace.poll(cx));
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            self.received.fetch_add(data.len() as u64, Ordering::Relaxed);
            self.pace.spend(data.len());
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
