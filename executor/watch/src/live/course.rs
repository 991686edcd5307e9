//! One run as the live view knows it: what its repeats came to, and how far the present one is.

use std::collections::VecDeque;
use std::time::Instant;

use workload_schema::Gbps;
use workload_schema::event::{Hello, LatencySoFar, Progress};
use workload_schema::record::RepeatRecord;

use super::series::Series;
use runner_drive::RunBegins;

/// Seconds that "now" is.
const NOW: f64 = 1.0;

/// A repeat that has ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Past {
    /// Its number.
    pub repeat: u64,
    /// Whether it was cold.
    pub cold: bool,
    /// Gb/s, of a good one.
    pub gbps: Option<f64>,
}

/// The repeat that goes on.
#[derive(Debug, Default)]
pub struct Present {
    /// Its number; 0 before the first.
    pub repeat: u64,
    /// Seconds on the clock so far.
    pub seconds: f64,
    /// Bytes so far.
    pub bytes: u64,
    /// Tasks that ended so far.
    pub tasks: u64,
    /// Tasks in flight, where the client tells.
    pub in_flight: Option<u64>,
    /// Percentiles so far, where the client tells.
    pub latency: Option<LatencySoFar>,
    /// Whether it has ended: what is shown is its last state.
    pub ended: bool,
}

/// One run.
#[derive(Debug)]
pub struct Course {
    /// Name of the workload.
    pub workload: String,
    /// Bytes of a repeat.
    pub bytes: u64,
    /// Tasks of a repeat.
    pub tasks: u64,
    /// Repeats at most.
    pub repeats: u64,
    /// Client and, once it has told, its version.
    pub client: String,
    /// Repeats that ended.
    pub past: Vec<Past>,
    /// The one that goes on.
    pub present: Present,
    /// Throughput over time.
    pub series: Series,
    /// Whether the client tells how far it is; else the series knows whole repeats only.
    pub tells_progress: bool,
    /// Requests of the repeats that ended, if the client counts them.
    pub requests: Option<u64>,
    /// Requests sent again.
    pub retries: Option<u64>,
    /// Failed tasks.
    pub errors: u64,
    /// Seconds on the clock of the repeats that ended.
    before: f64,
    began: Instant,
    /// Seconds on the clock of the run, and bytes of the present repeat, at the looks of the last second.
    looks: VecDeque<(f64, u64)>,
}

impl Course {
    /// A run that begins.
    pub fn new(run: &RunBegins<'_>) -> Self {
        Self {
            workload: run.name.to_string(),
            bytes: run.workload.total_bytes(),
            tasks: run.workload.task_count() as u64,
            repeats: run.workload.max_repeat_count(),
            client: run.client.to_owned(),
            past: Vec::new(),
            present: Present::default(),
            series: Series::default(),
            tells_progress: false,
            requests: None,
            retries: None,
            errors: 0,
            before: 0.0,
            began: Instant::now(),
            looks: VecDeque::new(),
        }
    }

    /// The client tells its version.
    pub fn hello(&mut self, hello: &Hello) {
        self.client = format!("{} ({})", hello.client, hello.client_version);
    }

    /// A repeat begins.
    pub fn begin(&mut self, repeat: u64) {
        self.present = Present { repeat, ..Present::default() };
        self.began = Instant::now();
        self.looks = VecDeque::from([(self.before, 0)]);
    }

    /// The client tells how far it is.
    pub fn progress(&mut self, progress: &Progress) {
        if self.present.ended || self.present.repeat == 0 {
            return;
        }
        self.tells_progress = true;
        let seconds = progress.elapsed_ns.map_or_else(|| self.began.elapsed().as_secs_f64(), |ns| ns as f64 / 1e9);
        self.moved(seconds, progress.bytes);
        self.present.tasks = progress.tasks;
        self.present.in_flight = progress.in_flight;
        self.present.latency = progress.latency.or(self.present.latency);
    }

    /// The repeat has ended.
    pub fn end(&mut self, record: &RepeatRecord) {
        // A plain runner is in its next repeat by the time that its last one is known.
        let next = self.present.repeat.gt(&record.repeat).then_some(self.present.repeat);
        if self.present.repeat != record.repeat {
            self.begin(record.repeat);
        }
        self.moved(record.seconds, record.bytes);
        self.before += record.seconds.max(0.0);
        self.present.ended = true;
        self.present.in_flight = None;
        if record.is_good() {
            self.present.tasks = self.tasks;
        }
        let gbps = record.is_good().then(|| Gbps::of(record.bytes, record.seconds).get());
        self.past.push(Past { repeat: record.repeat, cold: record.cold, gbps });
        self.requests = sum(self.requests, record.requests);
        self.retries = sum(self.retries, record.retries);
        self.errors += record.errors.iter().map(|error| error.count).sum::<u64>();
        if let Some(next) = next.filter(|next| *next <= self.repeats) {
            self.begin(next);
        }
    }

    /// Gb/s over the last second on the clock, or as much of it as this repeat has; none where nothing is known.
    pub fn now_gbps(&self) -> Option<f64> {
        let (first, last) = (self.looks.front()?, self.looks.back()?);
        let seconds = last.0 - first.0;
        (self.tells_progress && seconds > 0.0).then(|| last.1.saturating_sub(first.1) as f64 * 8.0 / 1e9 / seconds)
    }

    /// Seconds on the clock of the whole run.
    pub fn clock(&self) -> f64 {
        if self.present.ended { self.before } else { self.before + self.present.seconds }
    }

    /// Notes that `bytes` of this repeat have moved in its first `seconds`.
    fn moved(&mut self, seconds: f64, bytes: u64) {
        let (before, now) = (self.before + self.present.seconds, self.before + seconds);
        if now <= before {
            return;
        }
        self.series.add(before, now, bytes.saturating_sub(self.present.bytes));
        self.present.seconds = seconds;
        self.present.bytes = bytes.max(self.present.bytes);
        self.looks.push_back((now, self.present.bytes));
        // The oldest look that is still needed is the last one before the window.
        while self.looks.get(1).is_some_and(|look| look.0 <= now - NOW) {
            self.looks.pop_front();
        }
    }
}

fn sum(so_far: Option<u64>, more: Option<u64>) -> Option<u64> {
    match (so_far, more) {
        (None, None) => None,
        (so_far, more) => Some(so_far.unwrap_or(0).saturating_add(more.unwrap_or(0))),
    }
}
