//! Bodies that are counted, and tampered with where a fault asks for that. Only requests that are recorded or suffer
//! a fault have their bodies wrapped.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use s3s::{Body, StdError};
use tokio::time::Sleep;

use crate::{
    connection::Connection,
    fault::{BodyPlan, Cut},
};

/// Delays below this are not worth a timer, which is no finer.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// A request's body: counted and, if asked for, slowed.
pub(crate) struct RequestBody {
    inner: Body,
    received: Arc<AtomicU64>,
    pace: Pace,
}

impl RequestBody {
    pub(crate) fn new(inner: Body, received: Arc<AtomicU64>, plan: &BodyPlan) -> Self {
        Self { inner, received, pace: Pace::new(plan.bytes_per_second) }
    }
}

impl HttpBody for RequestBody {
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

/// Holds a body back to a rate.
struct Pace {
    bytes_per_second: Option<u64>,
    since: Instant,
    moved: u64,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    fn new(bytes_per_second: Option<u64>) -> Self {
        Self { bytes_per_second, since: Instant::now(), moved: 0, sleep: None }
    }

    /// Waits until the next bytes are due.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        Poll::Ready(())
    }

    fn spend(&mut self, bytes: usize) {
        let Some(rate) = self.bytes_per_second else { return };
        self.moved += bytes as u64;
        let due = Duration::from_secs_f64(self.moved as f64 / rate as f64);
        self.sleep_for(due.saturating_sub(self.since.elapsed()));
    }

    fn sleep_for(&mut self, delay: Duration) {
        if delay >= SHORTEST_SLEEP {
            self.sleep = Some(Box::pin(tokio::time::sleep(delay)));
        }
    }
}

/// What is done with the outcome of a response's body: the bytes that were sent and whether they were all.
pub(crate) type Finish = Box<dyn FnOnce(u64, bool) + Send>;

/// A response's body: counted, tampered with, and reported when it ends, however it ends.
pub(crate) struct ResponseBody {
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

impl ResponseBody {
    pub(crate) fn new(
        inner: Body,
        plan: BodyPlan,
        connection: Arc<Connection>,
        began: Instant,
        finish: Option<Finish>,
    ) -> Self {
        let pace = Pace::new(plan.bytes_per_second);
        let total = inner.size_hint().exact();
        let ended = total == Some(0);
        Self { inner, plan, connection, began, sent: 0, total, ended, pace, held: None, cut_flushed: false, finish }
    }

    /// The data as the client is to get it.
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

    fn is_cut(&self) -> Option<Cut> {
        self.plan.cut.filter(|(limit, _)| self.sent >= *limit && !self.ended).map(|(_, cut)| cut)
    }

    /// Ends the connection where the body is to be cut off.
    fn poll_cut(&mut self, cut: Cut, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        if !self.cut_flushed {
            // What was sent so far leaves the connection's buffer only while its body is pending.
            self.cut_flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if cut == Cut::Reset {
            self.connection.reset();
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

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        ready!(self.pace.poll(cx));
        if let Some(held) = self.held.take() {
            return self.send(held);
        }
        if let Some(cut) = self.is_cut() {
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
            && let Some(cut) = self.is_cut()
        {
            return self.poll_cut(cut, cx);
        }
        // Nobody polls for the end of a body of known length, so the delay goes before its last bytes.
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

impl Drop for ResponseBody {
    fn drop(&mut self) {
        if let Some(finish) = self.finish.take() {
            finish(self.sent, self.ended);
        }
    }
}
