//! SIGINT and SIGTERM: both ask this process to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `token` at the first SIGINT or SIGTERM from now on. Later ones change nothing: the process is stopping.
pub fn cancel_on_signals(token: &CancellationToken) -> std::io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut arrivals = signal(kind)?;
        let token = token.clone();
        tokio::spawn(async move {
            if arrivals.recv().await.is_some() {
                token.cancel();
            }
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustix::process::{Signal, getpid, kill_process};

    use super::*;

    #[tokio::test]
    async fn a_signal_cancels_the_token() {
        let token = CancellationToken::new();
        cancel_on_signals(&token).unwrap();
        assert!(!token.is_cancelled());
        kill_process(getpid(), Signal::TERM).unwrap();
        token.cancelled().await;
        assert!(token.is_cancelled());
    }
}
