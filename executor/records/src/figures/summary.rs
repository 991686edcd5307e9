//! What the repeats of a run come to.
//!
//! Only good warm repeats count. A failed repeat is in no figure; a cold one only where there is nothing
//! else, and then marked. Every figure goes with the number of repeats behind it.

use serde::Serialize;
use workload_schema::record::{RepeatRecord, RunRecord};
use workload_schema::{Gbps, WorkloadDigest, WorkloadName};

use super::spread::Spread;

/// Fewer warm repeats than this make no figure to rely on.
pub const ENOUGH_WARM: usize = 5;
const GIB: f64 = (1_u64 << 30) as f64;

/// Which repeats the figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// Good repeats after the first.
    Warm,
    /// Good cold repeats: there are no others.
    Cold,
    /// None: no repeat was good.
    Nothing,
}

/// The figures of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Repeats that were done.
    pub repeats: usize,
    /// Of these, the ones in which every task succeeded.
    pub good: usize,
    /// Of the good ones, those that were warm.
    pub warm: usize,
    /// Which of them the figures below are of.
    pub basis: Basis,
    /// Bytes x 8 / 1e9 / seconds of a repeat.
    pub throughput_gbps: Option<Spread>,
    /// Seconds of a repeat.
    pub seconds: Option<Spread>,
    /// Requests of a repeat, retries included; median.
    pub requests_per_repeat: Option<f64>,
    /// Requests sent again, in all the repeats that count.
    pub retries: Option<u64>,
    /// CPU seconds, user and system, for each GiB moved; median.
    pub cpu_seconds_per_gib: Option<f64>,
    /// Largest peak resident memory of any repeat, in bytes.
    pub peak_memory_bytes: Option<u64>,
}

/// A run without its repeats, with their summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary<'a> {
    /// Number of the run.
    pub run: i64,
    /// Session of the run.
    pub session: &'a str,
    /// Start, RFC 3339 in UTC.
    pub started_at: &'a str,
    /// Workload.
    pub workload: &'a WorkloadName,
    /// Its digest.
    pub workload_digest: &'a WorkloadDigest,
    /// `1`, or `1/N`.
    pub scale: &'a str,
    /// Client id.
    pub client: &'a str,
    /// Version of the client, if it told.
    pub client_version: Option<&'a str>,
    /// How the run ended.
    pub outcome: &'static str,
    /// Why, if there is more to say.
    pub reason: Option<&'a str>,
    /// Figures.
    pub summary: Summary,
}

impl Summary {
    /// Sums up the repeats of `run`.
    pub fn of(run: &RunRecord) -> Self {
        let (basis, counted) = counted_repeats(run);
        let median = |of: fn(&RepeatRecord) -> Option<f64>| {
            let known: Option<Vec<f64>> = counted.iter().map(|repeat| of(repeat)).collect();
            Spread::of(known?).map(|spread| spread.median)
        };
        Self {
            repeats: run.repeats.len(),
            good: run.good_repeats().count(),
            warm: run.warm_repeats().count(),
            basis,
            throughput_gbps: Spread::of(counted.iter().map(|repeat| throughput(repeat).get())),
            seconds: Spread::of(counted.iter().map(|repeat| repeat.seconds)),
            requests_per_repeat: median(|repeat| repeat.requests.map(|requests| requests as f64)),
            retries: match basis {
                Basis::Nothing => None,
                Basis::Warm | Basis::Cold => counted.iter().map(|repeat| repeat.retries).sum(),
            },
            cpu_seconds_per_gib: median(cpu_seconds_per_gib),
            peak_memory_bytes: run.repeats.iter().filter_map(|repeat| repeat.peak_memory_bytes).max(),
        }
    }
}

impl<'a> RunSummary<'a> {
    /// Sums up `run`.
    pub fn of(run: &'a RunRecord) -> Self {
        Self {
            run: run.run,
            session: &run.session,
            started_at: &run.started_at,
            workload: &run.workload,
            workload_digest: &run.workload_digest,
            scale: &run.scale,
            client: &run.client,
            client_version: run.hello.as_ref().map(|hello| hello.client_version.as_str()),
            outcome: run.outcome.as_str(),
            reason: run.reason.as_deref(),
            summary: Summary::of(run),
        }
    }
}

/// The repeats that figures are of: the good warm ones, or the good cold ones where there are no others.
pub fn counted_repeats(run: &RunRecord) -> (Basis, Vec<&RepeatRecord>) {
    let good: Vec<&RepeatRecord> = run.good_repeats().collect();
    let warm: Vec<&RepeatRecord> = run.warm_repeats().collect();
    match (good.is_empty(), warm.is_empty()) {
        (_, false) => (Basis::Warm, warm),
        (false, true) => (Basis::Cold, good),
        (true, true) => (Basis::Nothing, good),
    }
}

/// Throughput of a repeat.
pub fn throughput(repeat: &RepeatRecord) -> Gbps {
    Gbps::of(repeat.bytes, repeat.seconds)
}

/// CPU seconds of a repeat, user and system, if both are known.
pub fn cpu_seconds(repeat: &RepeatRecord) -> Option<f64> {
    Some(repeat.cpu_user_seconds? + repeat.cpu_system_seconds?)
}

/// CPU seconds of a repeat for each GiB that it moved.
pub fn cpu_seconds_per_gib(repeat: &RepeatRecord) -> Option<f64> {
    let cpu = cpu_seconds(repeat)?;
    (repeat.bytes > 0).then(|| cpu * GIB / repeat.bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{failed, repeat, run};

    #[test]
    fn only_good_warm_repeats_count() {
        let mut record = run(1);
        // Slow and cold, then fast and failed: neither may show.
        record.repeats = vec![repeat(1, 100.0), failed(2, 0.001), repeat(3, 2.0), repeat(4, 1.0), repeat(5, 4.0)];
        let summary = Summary::of(&record);
        assert_eq!((summary.repeats, summary.good, summary.warm), (5, 4, 3));
        assert_eq!(summary.basis, Basis::Warm);
        let seconds = summary.seconds.unwrap();
        assert_eq!((seconds.n, seconds.median, seconds.low, seconds.high), (3, 2.0, 1.0, 4.0));
        // 1 GiB in 2 s.
        assert!((summary.throughput_gbps.unwrap().median - 4.294_967_296).abs() < 1e-9);
        assert_eq!((summary.requests_per_repeat, summary.retries), (Some(128.0), Some(3)));
        assert_eq!(summary.cpu_seconds_per_gib, Some(0.75));
    }

    #[test]
    fn a_lone_cold_repeat_counts_as_cold() {
        let mut record = run(1);
        record.repeats = vec![repeat(1, 2.0)];
        let summary = Summary::of(&record);
        assert_eq!((summary.basis, summary.good, summary.warm), (Basis::Cold, 1, 0));
        assert_eq!(summary.seconds.map(|seconds| seconds.median), Some(2.0));
    }

    #[test]
    fn nothing_good_is_no_number() {
        let mut record = run(1);
        record.repeats = vec![failed(1, 1.0), failed(2, 1.0)];
        let summary = Summary::of(&record);
        assert_eq!((summary.basis, summary.repeats, summary.good), (Basis::Nothing, 2, 0));
        assert_eq!((summary.throughput_gbps, summary.seconds, summary.retries), (None, None, None));
    }

    #[test]
    fn a_count_that_one_repeat_lacks_is_unknown() {
        let mut record = run(1);
        record.repeats = vec![repeat(1, 2.0), repeat(2, 2.0), repeat(3, 2.0)];
        record.repeats[2].requests = None;
        record.repeats[2].cpu_user_seconds = None;
        let summary = Summary::of(&record);
        assert_eq!((summary.requests_per_repeat, summary.cpu_seconds_per_gib), (None, None));
        assert_eq!(summary.retries, Some(2));
    }
}
