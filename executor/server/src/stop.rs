//! The signal that stops a server: sent once, seen by the accept loop and by every connection.

use tokio::sync::watch;

/// The sending side. Dropping it stops the server too.
#[derive(Debug)]
pub(crate) struct StopSignal(watch::Sender<bool>);

/// The receiving side; clone it for each waiting task.
#[derive(Debug, Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl StopSignal {
    pub(crate) fn new() -> (Self, Stopping) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Stopping(receiver))
    }

    /// Tells all waiting tasks to stop. Sending it again changes nothing.
    pub(crate) fn send(&self) {
        self.0.send_replace(true);
    }
}

impl Stopping {
    /// Waits until the server is to stop.
    pub(crate) async fn wait(&mut self) {
        // The only error is that the sender is gone, and then the server was dropped.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}
