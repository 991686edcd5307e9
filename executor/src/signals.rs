//! Ctrl-C and SIGTERM: the one place that turns them into the wish to stop.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled at SIGINT or SIGTERM, from now on. Needs a tokio runtime.
pub fn cancelled_by_signals() -> io::Result<CancellationToken> {
    let cancelled = CancellationToken::new();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut arrivals = signal(kind)?;
        let token = cancelled.clone();
        tokio::spawn(async move {
            while arrivals.recv().await.is_some() {
                token.cancel();
            }
        });
    }
    Ok(cancelled)
}
