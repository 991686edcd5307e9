//! Ctrl-C and SIGTERM.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that Ctrl-C or SIGTERM cancels. Needs a tokio runtime.
///
/// Where the system does not allow to listen for signals, it is never cancelled, and signals end the process.
pub fn cancelled_by_signals() -> CancellationToken {
    let token = CancellationToken::new();
    let told = token.clone();
    tokio::spawn(async move {
        if signalled().await.is_ok() {
            told.cancel();
        }
    });
    token
}

async fn signalled() -> std::io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
