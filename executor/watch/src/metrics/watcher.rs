//! The watcher: counts what is told, and serves it.

use std::net::SocketAddr;
use std::time::Duration;

use runner_drive::{Journal, JournalError, RunEvent};
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_schema::RunKey;

use super::endpoint::{Endpoint, ListenError};
use super::tally::Tally;

/// Metrics that are served while runs go on.
#[derive(Debug)]
pub struct Metrics {
    tally: Tally,
    endpoint: Endpoint,
    linger: Duration,
}

impl Metrics {
    /// Listens on `address` from now on, and says where. At the end it waits for the last fetch, up to `linger`.
    pub async fn open(address: SocketAddr, linger: Duration) -> Result<Self, ListenError> {
        let tally = Tally::default();
        let endpoint = Endpoint::open(address, tally.values().register()).await?;
        terminal::note(&format!("metrics: http://{}/metrics", endpoint.address()));
        Ok(Self { tally, endpoint, linger })
    }

    /// Waits until the last values are fetched, or as long as that may take, and stops listening.
    pub async fn close(self, cancelled: &CancellationToken) {
        if !self.linger.is_zero() {
            tokio::select! {
                () = self.endpoint.last_scrape() => {}
                () = tokio::time::sleep(self.linger) => {
                    let seconds = self.linger.as_secs();
                    terminal::warning(&format!("nobody fetched the last metrics within {seconds} s"));
                }
                () = cancelled.cancelled() => {}
            }
        }
        self.endpoint.close().await;
    }
}

impl Journal for Metrics {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        self.tally.see(run, event);
        Ok(())
    }
}
