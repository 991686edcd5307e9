//! What the requests of one client connection share.

use std::sync::atomic::{AtomicBool, Ordering};

/// A client connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Number of the connection, counted from 1.
    pub id: u64,
    reset: AtomicBool,
}

impl Connection {
    pub(super) fn new(id: u64) -> Self {
        Self { id, reset: AtomicBool::new(false) }
    }

    /// Asks for the connection to end with a TCP reset instead of an orderly close.
    pub(super) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    /// Whether a reset was asked for.
    pub(super) fn is_reset(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }
}
