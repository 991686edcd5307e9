//! Bytes done, for the progress bar. Bytes of a failed attempt are subtracted again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use wlx_terminal as terminal;

/// Moves a progress bar; shared by all concurrent transfers.
#[derive(Debug)]
pub struct Meter {
    done: AtomicU64,
    bar: terminal::Progress,
}

impl Meter {
    /// A bar with `title` over `bytes`.
    pub fn new(title: &str, bytes: u64) -> Arc<Self> {
        Arc::new(Self { done: AtomicU64::new(0), bar: terminal::byte_bar(title, bytes) })
    }

    /// Counts `bytes` as done.
    pub fn add(&self, bytes: u64) {
        self.bar.set(self.done.fetch_add(bytes, Relaxed) + bytes);
    }

    /// Subtracts `bytes` of a failed attempt.
    pub fn take_back(&self, bytes: u64) {
        self.bar.set(self.done.fetch_sub(bytes, Relaxed).saturating_sub(bytes));
    }
}
