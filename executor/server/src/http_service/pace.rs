//! Delays the transfer of a body.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use tokio::time::Sleep;

/// Tokio's timers have a granularity of a millisecond, so shorter delays are skipped.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// Holds a body back to a rate, or for one delay.
pub(super) struct Pace {
    bytes_per_second: Option<u64>,
    since: Instant,
    moved: u64,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    pub(super) fn new(bytes_per_second: Option<u64>) -> Self {
        Self { bytes_per_second, since: Instant::now(), moved: 0, sleep: None }
    }

    /// Waits until the next bytes may move.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        Poll::Ready(())
    }

    /// Counts bytes that moved and sets the delay that keeps to the rate.
    pub(super) fn spend(&mut self, bytes: usize) {
        let Some(rate) = self.bytes_per_second else { return };
        self.moved += bytes as u64;
        let due = Duration::from_secs_f64(self.moved as f64 / rate as f64);
        self.sleep_for(due.saturating_sub(self.since.elapsed()));
    }

    /// Sets a delay before the next bytes.
    pub(super) fn sleep_for(&mut self, delay: Duration) {
        if delay >= SHORTEST_SLEEP {
            self.sleep = Some(Box::pin(tokio::time::sleep(delay)));
        }
    }
}
