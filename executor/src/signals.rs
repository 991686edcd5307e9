//! Ctrl-C and SIGTERM, for every command.

use client_runner::cancel_on_signals;
use tokio_util::sync::CancellationToken;

/// A token that is cancelled at SIGINT or SIGTERM, from now on. Needs a tokio runtime.
pub fn cancelled_by_signals() -> std::io::Result<CancellationToken> {
    let cancelled = CancellationToken::new();
    cancel_on_signals(&cancelled)?;
    Ok(cancelled)
}
