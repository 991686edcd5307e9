//! The progress bar of a run, for those who asked for nothing more.

use workload_schema::WorkloadName;

use crate::watch::{Sight, Watch};
use run_records::results_file::RunId;
use wlx_terminal as terminal;
use wlx_terminal::Progress;

/// A bar for the repeat that goes on.
#[derive(Debug, Default)]
pub struct Bar {
    title: String,
    bytes: u64,
    drawn: Option<Progress>,
}

impl Watch for Bar {
    fn see(&mut self, _: RunId, sight: &Sight<'_>) {
        match sight {
            Sight::RunBegins(begins) => {
                self.title = title(begins.name, begins.client);
                self.bytes = begins.workload.total_bytes();
            }
            Sight::RepeatBegins(repeat) => {
                // The old one goes first: it clears its line.
                self.drawn = None;
                self.drawn = Some(terminal::byte_bar(&format!("{} repeat {repeat}", self.title), self.bytes));
            }
            Sight::Progress(progress) => {
                if let Some(bar) = &self.drawn {
                    bar.set(progress.bytes);
                }
            }
            Sight::RunEnds { .. } => self.drawn = None,
            Sight::Hello(_) | Sight::Task(_) | Sight::Repeat(_) => {}
        }
    }
}

/// What a run is called in front of people.
pub fn title(workload: &WorkloadName, client: &str) -> String {
    format!("{workload} by {client}")
}
