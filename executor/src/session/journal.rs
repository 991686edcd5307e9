//! The journal of a session: the results file first, then the watchers.

use run_watch::Watchers;
use runner_drive::{Journal, JournalError, RunEvent};
use workload_schema::RunKey;

use super::results_journal::ResultsJournal;

/// Passes each event to the results file and to the watchers.
pub struct SessionJournal {
    /// Stores the runs.
    pub results: ResultsJournal,
    /// The watchers, told after the event is stored.
    pub watchers: Watchers,
}

impl Journal for SessionJournal {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        self.results.note(run, event)?;
        self.watchers.note(run, event)
    }
}
