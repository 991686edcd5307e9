//! The watcher: gathers what is to be pushed while runs go on, and pushes it between them.

use std::time::SystemTime;

use runner_drive::{Journal, JournalError, RunEvent};
use wlx_terminal as terminal;
use workload_schema::RunKey;

use super::batch::{Batches, Place};
use super::push::Pusher;

/// Pushes the numbers of good repeats.
#[derive(Debug)]
pub struct CloudWatch {
    batches: Batches,
    pusher: Pusher,
}

impl CloudWatch {
    /// Pushes by `pusher`, with `place` among the dimensions.
    pub fn new(place: Place, pusher: Pusher) -> Self {
        Self { batches: Batches::new(place), pusher }
    }

    /// Pushes what the runs that have ended came to. A push that fails is a warning: the numbers are stored elsewhere.
    pub async fn push(&mut self) {
        for batch in self.batches.take() {
            if let Err(error) = self.pusher.push(&batch).await {
                let [(_, client), _, _, (_, workload), _] = &batch.dimensions;
                terminal::warning(&format!("{workload} by {client}: {error}; the results are stored all the same"));
            }
        }
    }
}

impl Journal for CloudWatch {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        self.batches.see(run, event, SystemTime::now());
        Ok(())
    }
}
