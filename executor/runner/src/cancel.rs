//! The wish to stop: Ctrl-C, SIGTERM, or a parent that is gone.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Raises the wish to stop; any number of these share it.
#[derive(Debug, Clone)]
pub struct Cancel(watch::Sender<bool>);

/// Waits for the wish to stop.
#[derive(Debug, Clone)]
pub struct Cancelled(watch::Receiver<bool>);

impl Cancel {
    /// A wish that nobody has yet, and who waits for it.
    pub fn new() -> (Self, Cancelled) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Cancelled(receiver))
    }

    /// Wishes to stop.
    pub fn raise(&self) {
        self.0.send_replace(true);
    }

    /// Whether anybody wished to stop.
    pub fn is_raised(&self) -> bool {
        *self.0.borrow()
    }

    /// Wishes to stop at SIGINT or SIGTERM, from now on.
    pub fn raise_on_signals(&self) -> std::io::Result<()> {
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let mut arrivals = signal(kind)?;
            let cancel = self.clone();
            tokio::spawn(async move {
                while arrivals.recv().await.is_some() {
                    cancel.raise();
                }
            });
        }
        Ok(())
    }
}

impl Cancelled {
    /// Returns when stopping is wished.
    pub async fn wait(&mut self) {
        if self.0.wait_for(|raised| *raised).await.is_err() {
            // Nobody can raise it any more.
            std::future::pending::<()>().await;
        }
    }
}
