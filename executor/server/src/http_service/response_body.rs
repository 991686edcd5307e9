//! The body of a response to a request that is recorded or has a fault applied to it: counted, and slowed, corrupted
//! or cut off if a fault says so.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use s3s::{Body, StdError};

use super::{connection::Connection, pace::Pace};
use crate::faults::{BodyPlan, Cut};

/// Called once when the body ends or is dropped, with the number of bytes sent and whether that was all of them.
pub(super) type Finish = Box<dyn FnOnce(u64, bool) + Send>;

/// Passes a response's body on, applies the faults of `plan` and reports how the body ended.
pub(super) struct ObservedResponseBody {
    inner: Body,
    plan: BodyPlan,
    connection: Arc<Connection>,
    began: Instant,
    sent: u64,
    total: Option<u64>,
    ended: bool,
    pace: Pace,
    held: Option<Bytes>,
    cut_flushed: bool,
    finish: Option<Finish>,
}

impl ObservedResponseBody {
    /// `began` is when the request came in.
    pub(super) fn new(
        inner: Body,
        plan: BodyPlan,
        connection: Arc<Connection>,
        began: Instant,
        finish: Finish,
    ) -> Self {
        let pace = Pace::new(plan.bytes_per_second);
        let total = inner.size_hint().exact();
        let ended = total == Some(0);
        let finish = Some(finish);
        Self { inner, plan, connection, began, sent: 0, total, ended, pace, held: None, cut_flushed: false, finish }
    }

    /// The data as the client gets it: shortened to the cut, and with a bit flipped.
    fn tamper(&self, data: Bytes) -> Bytes {
        let data = match self.plan.cut {
            Some((limit, _)) if self.sent + data.len() as u64 > limit => {
                data.slice(..usize::try_from(limit.saturating_sub(self.sent)).unwrap_or(usize::MAX))
            }
            _ => data,
        };
        let last = self.total.map_or(u64::MAX, |total| total.saturating_sub(1));
        let Some(offset) = self.plan.corrupt.map(|offset| offset.min(last)) else { return data };
        match offset.checked_sub(self.sent).and_then(|at| usize::try_from(at).ok()) {
            Some(at) if at < data.len() => {
                let mut changed = data.to_vec();
                changed[at] ^= 1;
                changed.into()
            }
            _ => data,
        }
    }

    /// How the body is to be cut off now, if it is.
    fn cut_now(&self) -> Option<Cut> {
        self.plan.cut.filter(|(limit, _)| self.sent >= *limit && !self.ended).map(|(_, cut)| cut)
    }

    /// Ends the body with an error, which makes hyper end the connection.
    fn poll_cut(&mut self, cut: Cut, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        if !self.cut_flushed {
            // hyper writes out what it has buffered only while the body is pending.
            self.cut_flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match cut {
            Cut::Reset => self.connection.reset(),
            Cut::Close => {}
        }
        Poll::Ready(Some(Err("cut off by a fault rule".into())))
    }

    fn send(&mut self, data: Bytes) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        self.sent += data.len() as u64;
        self.ended = self.total.is_some_and(|total| self.sent >= total);
        self.pace.spend(data.len());
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}

impl HttpBody for ObservedResponseBody {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        ready!(self.pace.poll(cx));
        if let Some(held) = self.held.take() {
            return self.send(held);
        }
        if let Some(cut) = self.cut_now() {
            return self.poll_cut(cut, cx);
        }
        let Some(frame) = ready!(Pin::new(&mut self.inner).poll_frame(cx)) else {
            self.ended = true;
            return Poll::Ready(None);
        };
        let data = match frame?.into_data() {
            Ok(data) => self.tamper(data),
            Err(other) => return Poll::Ready(Some(Ok(other))),
        };
        if data.is_empty()
            && let Some(cut) = self.cut_now()
        {
            return self.poll_cut(cut, cx);
        }
        // hyper does not poll for the end of a body of known length, so the delay goes before its last bytes.
        if self.total.is_some_and(|total| self.sent + data.len() as u64 >= total) {
            let delay = self.plan.slowdown(self.began.elapsed());
            self.pace.sleep_for(delay);
            if self.pace.poll(cx).is_pending() {
                self.held = Some(data);
                return Poll::Pending;
            }
        }
        self.send(data)
    }

    fn is_end_stream(&self) -> bool {
        self.held.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for ObservedResponseBody {
    fn drop(&mut self) {
        if let Some(finish) = self.finish.take() {
            finish(self.sent, self.ended);
        }
    }
}
