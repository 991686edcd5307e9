//! The figures of a repeat that are described over a run. A repeat that is not good has none of them.

use workload_schema::record::RepeatRecord;

use crate::figures::cpu_seconds;
use crate::results_file::WorkloadBytes;

/// A figure of a good repeat.
#[derive(Debug)]
pub(super) struct Figure {
    /// Name with the unit.
    pub(super) name: &'static str,
    /// What it is; reads on after "mean of the".
    pub(super) meaning: &'static str,
    of: fn(&RepeatRecord, Option<WorkloadBytes>) -> Option<f64>,
}

impl Figure {
    /// The figure of `repeat`, which did `work`; none of a repeat that failed, and none that is not known.
    pub(super) fn of(&self, repeat: &RepeatRecord, work: Option<WorkloadBytes>) -> Option<f64> {
        if repeat.is_good() { (self.of)(repeat, work).filter(|figure| figure.is_finite()) } else { None }
    }
}

pub(super) const RECEIVE: Figure = Figure {
    name: "receive_bytes_per_second",
    meaning: "payload bytes of downloads over the wall time of the repeat; absent for a workload without downloads, and \
              where its tasks were not kept",
    of: |repeat, work| rate(moved(work?.received)?, repeat.seconds),
};
pub(super) const SEND: Figure = Figure {
    name: "send_bytes_per_second",
    meaning: "payload bytes of uploads over the wall time of the repeat; absent for a workload without uploads, and \
              where its tasks were not kept",
    of: |repeat, work| rate(moved(work?.sent)?, repeat.seconds),
};
pub(super) const CPU_CORES: Figure = Figure {
    name: "cpu_cores",
    meaning: "CPU seconds of the client's processes, user and system, for each second of wall time",
    of: |repeat, _| rate(cpu_seconds(repeat)?, repeat.seconds),
};
pub(super) const PEAK_MEMORY: Figure = Figure {
    name: "peak_memory_bytes",
    meaning: "peak resident memory of the client's processes",
    of: |repeat, _| repeat.peak_memory_bytes.map(|bytes| bytes as f64),
};
pub(super) const BYTES_PER_CPU_SECOND: Figure = Figure {
    name: "bytes_per_cpu_second",
    meaning: "payload bytes, either way, for each CPU second of the client's processes: bytes/s per core in use",
    of: |repeat, _| rate(repeat.bytes as f64, cpu_seconds(repeat)?),
};
pub(super) const DURATION: Figure = Figure {
    name: "duration_seconds",
    meaning: "wall time from the first task's start to the last task's end",
    of: |repeat, _| Some(repeat.seconds),
};
pub(super) const REQUESTS: Figure = Figure {
    name: "requests_per_second",
    meaning: "requests that succeeded (sent, less those that had to be sent again) over the wall time of the repeat; \
              absent where the client does not tell both",
    of: |repeat, _| rate(repeat.requests?.checked_sub(repeat.retries?)? as f64, repeat.seconds),
};

/// All of them, in the order of their columns.
pub(super) const FIGURES: [&Figure; 7] =
    [&RECEIVE, &SEND, &CPU_CORES, &PEAK_MEMORY, &BYTES_PER_CPU_SECOND, &DURATION, &REQUESTS];

/// Bytes of one direction, if the workload has any.
fn moved(bytes: u64) -> Option<f64> {
    (bytes > 0).then_some(bytes as f64)
}

fn rate(amount: f64, over: f64) -> Option<f64> {
    (over > 0.0).then(|| amount / over)
}
