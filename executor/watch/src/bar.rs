//! The progress bar of a run, where no live view was asked for.

use workload_schema::WorkloadName;

use runner_drive::{Journal, JournalError, RunEvent};
use wlx_terminal as terminal;
use wlx_terminal::Progress;
use workload_schema::RunKey;

/// A bar for the present repeat.
#[derive(Debug, Default)]
pub struct Bar {
    title: String,
    bytes: u64,
    drawn: Option<Progress>,
}

impl Journal for Bar {
    fn note(&mut self, _: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        match event {
            RunEvent::RunBegins(begins) => {
                self.title = title(begins.name, begins.client);
                self.bytes = begins.workload.total_bytes();
            }
            RunEvent::RepeatBegins(repeat) => {
                // The old one goes first: it clears its line.
                self.drawn = None;
                self.drawn = Some(terminal::byte_bar(&format!("{} repeat {repeat}", self.title), self.bytes));
            }
            RunEvent::Progress(progress) => {
                if let Some(bar) = &self.drawn {
                    bar.set(progress.bytes);
                }
            }
            RunEvent::RunEnds { .. } => self.drawn = None,
            RunEvent::Hello(_) | RunEvent::Task(_) | RunEvent::Repeat(_) | RunEvent::Verified(_) => {}
        }
        Ok(())
    }
}

/// What a run is called where people read it.
pub fn title(workload: &WorkloadName, client: &str) -> String {
    format!("{workload} by {client}")
}
