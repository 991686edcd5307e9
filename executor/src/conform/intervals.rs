//! The intervals of a client's repeats, which assign each request to its repeat.

use std::collections::BTreeSet;

use embedded_s3::admin::RequestRecord;
use runner_drive::{Journal, JournalError, RunEvent};
use rustix::time::{ClockId, clock_gettime};
use workload_schema::RunKey;

use super::work::Repeat;

/// One repeat: its interval on the monotonic clock in nanoseconds, and the seconds that the client reported.
#[derive(Debug, Clone)]
struct Interval {
    began_ns: u64,
    ended_ns: u64,
    seconds: f64,
}

/// A journal that keeps when each repeat began and ended.
#[derive(Debug)]
pub struct Intervals {
    repeats: Vec<Interval>,
    began_ns: u64,
    /// Whether the runner is plain: it reports neither itself nor when a repeat begins.
    is_plain: bool,
}

impl Intervals {
    /// The client is about to start.
    pub fn begin() -> Self {
        Self { repeats: Vec::new(), began_ns: now_ns(), is_plain: true }
    }

    /// The requests of the last repeat among `records`. Those that `own` accepts are the runner's, and off its clock.
    ///
    /// A plain runner does not say when a repeat begins: all its requests count as one repeat.
    pub fn last_repeat<'a>(&self, records: &'a [RequestRecord], own: impl Fn(&RequestRecord) -> bool) -> Repeat<'a> {
        let Some((last, others)) = self.repeats.split_last() else { return Repeat::default() };
        let plain = self.is_plain;
        let of_last = |record: &&RequestRecord| {
            !own(record) && (plain || (last.began_ns..=last.ended_ns).contains(&record.start_ns))
        };
        let in_another =
            |record: &RequestRecord| others.iter().any(|it| (it.began_ns..=it.ended_ns).contains(&record.start_ns));
        let (on, off): (Vec<&RequestRecord>, Vec<&RequestRecord>) = records.iter().partition(of_last);
        let earlier = off.iter().filter(|record| record.start_ns < last.began_ns && !own(record));
        let known_connections: BTreeSet<u64> =
            if plain { BTreeSet::new() } else { earlier.map(|record| record.connection).collect() };
        let off_the_clock = off.into_iter().filter(|record| !in_another(record)).collect();
        Repeat { records: on, off_the_clock, known_connections, seconds: last.seconds }
    }
}

impl Journal for Intervals {
    fn note(&mut self, _: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        match event {
            RunEvent::Hello(_) => self.is_plain = false,
            // For a plain runner the begin of a repeat is only assumed.
            RunEvent::RepeatBegins(_) if !self.is_plain => self.began_ns = now_ns(),
            RunEvent::Repeat(record) => {
                let interval = Interval { began_ns: self.began_ns, ended_ns: now_ns(), seconds: record.seconds };
                self.repeats.push(interval);
            }
            RunEvent::RepeatBegins(_)
            | RunEvent::RunBegins(_)
            | RunEvent::Progress(_)
            | RunEvent::Task(_)
            | RunEvent::Verified(_)
            | RunEvent::RunEnds { .. } => {}
        }
        Ok(())
    }
}

/// The clock of the server's records.
fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}
