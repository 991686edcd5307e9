//! A journal that prints run lines on stdout as repeats end.

use runner_drive::{Journal, JournalError, RunEvent};
use wlx_terminal as terminal;
use workload_schema::Gbps;
use workload_schema::RunKey;
use workload_schema::record::RepeatRecord;

/// Notes each run that begins, and prints the line of contract 4 for each good repeat.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLines;

impl Journal for RunLines {
    fn note(&mut self, _: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        match event {
            RunEvent::RunBegins(begins) => terminal::note(&run_watch::title(begins.name, begins.client)),
            RunEvent::Repeat(record) if record.is_good() => terminal::data(&run_line(record)),
            RunEvent::Repeat(_)
            | RunEvent::Hello(_)
            | RunEvent::RepeatBegins(_)
            | RunEvent::Progress(_)
            | RunEvent::Task(_)
            | RunEvent::Verified(_)
            | RunEvent::RunEnds { .. } => {}
        }
        Ok(())
    }
}

fn run_line(record: &RepeatRecord) -> String {
    let gbps = Gbps::of(record.bytes, record.seconds).get();
    format!("Run:{} Secs:{:.6} Gb/s:{gbps:.6}", record.repeat, record.seconds)
}
