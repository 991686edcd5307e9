//! A runner that speaks the plain protocol: it does not say when its repeats begin, so its processes are looked at from
//! time to time, and its run lines are checked.

use std::time::Duration;

use system_measure::{CpuTime, ProcessTree};
use tokio::time::{Interval, interval};
use workload_schema::record::{RepeatRecord, Usage};
use workload_schema::{ErrorCount, ErrorKind};

use super::output::RunLine;
use super::wall_clock::start_of_repeat;

/// How often it is looked at; a look costs a millisecond or two.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What is known of its present repeat.
#[derive(Debug)]
pub struct PlainCourse {
    /// CPU time of the tree when the present repeat began.
    cpu: Option<CpuTime>,
    /// Highest memory seen in this repeat, in bytes: its processes may be gone when it ends.
    peak: u64,
    looks: Interval,
    refused: Option<String>,
}

impl PlainCourse {
    /// Of the processes of `tree`, which have just started.
    pub fn new(tree: &ProcessTree) -> Self {
        let cpu = tree.sample().map(|sample| sample.cpu);
        Self { cpu, peak: 0, looks: interval(LOOK_EVERY), refused: None }
    }

    /// What its first wrong run line says that cannot be, where there was one.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Returns when its processes should be looked at. Cancel-safe.
    pub async fn time_to_look(&mut self) {
        self.looks.tick().await;
    }

    /// Looks at the memory of its processes.
    pub fn look(&mut self, tree: &ProcessTree) {
        self.peak = self.peak.max(tree.sample().map_or(0, |now| now.peak_memory_bytes));
    }

    /// The repeat that `line` is about, which moved `bytes` if all went well; the next one begins.
    pub fn repeat(&mut self, repeat: u64, line: RunLine, bytes: u64, tree: &ProcessTree) -> RepeatRecord {
        let sample = tree.sample();
        let used = sample.as_ref().zip(self.cpu).map(|(sample, before)| sample.cpu.since(before));
        self.cpu = sample.as_ref().map(|sample| sample.cpu);
        let seen = Some(std::mem::take(&mut self.peak)).filter(|peak| *peak > 0);
        RepeatRecord {
            repeat,
            cold: repeat == 1,
            started_at: Some(start_of_repeat(line.seconds)),
            seconds: line.seconds,
            bytes,
            requests: None,
            retries: None,
            backoff_seconds: None,
            errors: self.refuse(line, bytes),
            cpu_user_seconds: used.map(|used| used.user_seconds),
            cpu_system_seconds: used.map(|used| used.system_seconds),
            peak_memory_bytes: sample.map(|sample| sample.peak_memory_bytes).max(seen),
            usage: Usage::default(),
        }
    }

    /// What is wrong with a run line, if anything is.
    fn refuse(&mut self, line: RunLine, bytes: u64) -> Vec<ErrorCount> {
        if line.is_about(bytes) {
            return Vec::new();
        }
        let message = format!(
            "the runner says {} Gb/s for {} s, which is not the {bytes} bytes of this workload",
            line.gbps, line.seconds
        );
        self.refused.get_or_insert_with(|| message.clone());
        vec![ErrorCount { kind: ErrorKind::Runner, http_status: None, s3_code: None, message, count: 1 }]
    }
}
