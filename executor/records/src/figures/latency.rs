//! How long tasks took, from all of them: by operation and size, as percentiles.
//!
//! Percentiles never come from other percentiles. Every task of the repeats that count is recorded in a histogram of three
//! significant digits; a failed repeat is in none, and its failed tasks are counted beside it.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;
use workload_schema::record::{RunRecord, TaskRecord};
use workload_schema::{ByteSize, Operation};

use super::summary::counted_repeats;
use crate::results_file::{ResultsFile, ResultsFileError, RunId};

/// What the figures mean; printed with every table of them.
pub const DEFINITION: &str = "Latency is the time from the start of a task to its end, with its retries and their back-off. \
     Time to first byte is the time from the start of a task to the first byte of its body: downloads only, where the client \
     can tell. Both are of all tasks of the warm repeats in which every task succeeded; failed tasks are counted beside them.";

/// Significant digits of a histogram: a percentile is at most 0.1 % too high.
const DIGITS: u8 = 3;
/// A day; longer times count as one. A histogram up to here takes 300 KB.
const LONGEST_NS: u64 = 86_400_000_000_000;
/// Fewer values than this hold no value beyond their 99th percentile.
const ENOUGH_FOR_P99: u64 = 100;
/// The same for the 99.9th.
const ENOUGH_FOR_P999: u64 = 1000;

/// Objects of about one size, which alone may be compared by their latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SizeClass {
    /// Up to 64 KiB.
    UpTo64KiB,
    /// More, up to 1 MiB.
    UpTo1MiB,
    /// More, up to 8 MiB.
    UpTo8MiB,
    /// More, up to 64 MiB.
    UpTo64MiB,
    /// More, up to 1 GiB.
    UpTo1GiB,
    /// More than 1 GiB.
    Larger,
}

impl SizeClass {
    const BOUNDED: [(Self, u64); 5] = [
        (Self::UpTo64KiB, 64 << 10),
        (Self::UpTo1MiB, 1 << 20),
        (Self::UpTo8MiB, 8 << 20),
        (Self::UpTo64MiB, 64 << 20),
        (Self::UpTo1GiB, 1 << 30),
    ];

    /// The class of an object of `size`.
    pub fn of(size: ByteSize) -> Self {
        Self::BOUNDED.into_iter().find(|(_, largest)| size.0 <= *largest).map_or(Self::Larger, |(class, _)| class)
    }

    /// `up to 8 MiB`.
    pub fn label(self) -> String {
        let largest = Self::BOUNDED.into_iter().find(|(class, _)| *class == self).map(|(_, largest)| ByteSize(largest));
        largest.map_or_else(|| "over 1 GiB".to_owned(), |largest| format!("up to {largest}"))
    }
}

/// Latencies of the tasks that were added so far.
#[derive(Debug, Clone, Default)]
pub struct Latencies {
    classes: BTreeMap<(Operation, SizeClass), Class>,
}

#[derive(Debug, Clone)]
struct Class {
    latency: Histogram<u64>,
    first_byte: Histogram<u64>,
    failed: u64,
}

/// Latencies of one operation on objects of one class of sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LatencySummary {
    /// What the tasks did.
    #[serde(rename = "action")]
    pub operation: Operation,
    /// How large their objects are.
    pub size_class: SizeClass,
    /// Tasks that failed; they are in none of the figures.
    pub failed_tasks: u64,
    /// From start to end; absent where every task failed.
    pub latency: Option<Percentiles>,
    /// From start to the first byte of the body; absent for uploads and where the client does not tell.
    pub time_to_first_byte: Option<Percentiles>,
}

/// Percentiles of times in nanoseconds: so many of 100 values were at most so large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Percentiles {
    /// Number of values.
    pub n: u64,
    /// The smallest.
    pub min_ns: u64,
    /// Half of them.
    pub p50_ns: u64,
    /// 90 %.
    pub p90_ns: u64,
    /// 99 %; absent of fewer than 100.
    pub p99_ns: Option<u64>,
    /// 99.9 %; absent of fewer than 1000.
    pub p999_ns: Option<u64>,
    /// The largest.
    pub max_ns: u64,
}

impl Latencies {
    /// Those of the repeats of `run` that its figures are of; empty where tasks were not recorded.
    pub fn of_run(results: &ResultsFile, run: &RunRecord) -> Result<Self, ResultsFileError> {
        let mut latencies = Self::default();
        let Ok(id) = RunId::new(run.run) else { return Ok(latencies) };
        let (_, counted) = counted_repeats(run);
        for repeat in &run.repeats {
            let counts = counted.iter().any(|counted| counted.repeat == repeat.repeat);
            if counts || !repeat.is_good() {
                results.each_task(id, repeat.repeat, |task| latencies.add(&task, counts))?;
            }
        }
        Ok(latencies)
    }

    /// Adds a task. Of one whose repeat does not count only a failure is kept.
    pub fn add(&mut self, task: &TaskRecord, counts: bool) {
        let key = (task.operation, SizeClass::of(ByteSize(task.size_bytes)));
        if task.error.is_some() {
            self.classes.entry(key).or_default().failed += 1;
        } else if counts {
            let class = self.classes.entry(key).or_default();
            class.latency.saturating_record(task.duration_ns());
            if let Some(time) = task.time_to_first_byte_ns() {
                class.first_byte.saturating_record(time);
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// A summary for each operation and class of sizes that there is, uploads first, small objects first.
    pub fn summaries(&self) -> Vec<LatencySummary> {
        let summary = |(&(operation, size_class), class): (&(Operation, SizeClass), &Class)| LatencySummary {
            operation,
            size_class,
            failed_tasks: class.failed,
            latency: Percentiles::of(&class.latency),
            time_to_first_byte: Percentiles::of(&class.first_byte),
        };
        self.classes.iter().map(summary).collect()
    }

    /// Nanoseconds at each of `quantiles` (0 to 1) of the tasks of one class; empty where there are none.
    pub fn curve(&self, operation: Operation, size_class: SizeClass, quantiles: &[f64]) -> Vec<u64> {
        let class = self.classes.get(&(operation, size_class)).filter(|class| !class.latency.is_empty());
        class.map_or_else(Vec::new, |class| quantiles.iter().map(|q| class.latency.value_at_quantile(*q)).collect())
    }
}

impl Default for Class {
    fn default() -> Self {
        let histogram = || Histogram::new_with_bounds(1, LONGEST_NS, DIGITS).expect("valid bounds");
        Self { latency: histogram(), first_byte: histogram(), failed: 0 }
    }
}

impl Percentiles {
    fn of(histogram: &Histogram<u64>) -> Option<Self> {
        let n = histogram.len();
        (n > 0).then(|| Self {
            n,
            min_ns: histogram.min(),
            p50_ns: histogram.value_at_quantile(0.5),
            p90_ns: histogram.value_at_quantile(0.9),
            p99_ns: (n >= ENOUGH_FOR_P99).then(|| histogram.value_at_quantile(0.99)),
            p999_ns: (n >= ENOUGH_FOR_P999).then(|| histogram.value_at_quantile(0.999)),
            max_ns: histogram.max(),
        })
    }
}

#[cfg(test)]
mod tests {
    use workload_schema::{ErrorKind, ObjectKey};

    use super::*;

    fn task(number: u64, duration_ns: u64) -> TaskRecord {
        TaskRecord {
            task: number,
            operation: Operation::Download,
            key: ObjectKey::new("download/64KiB-1x/1").unwrap(),
            size_bytes: 64 << 10,
            intended_start_ns: None,
            start_ns: 1000,
            end_ns: 1000 + duration_ns,
            first_byte_ns: Some(1000 + duration_ns / 2),
            bytes: 64 << 10,
            requests: None,
            error: None,
        }
    }

    /// Whether `value` is within 0.1 % of `expected`.
    fn close(value: u64, expected: u64) -> bool {
        value.abs_diff(expected) * 1000 <= expected
    }

    #[test]
    fn percentiles_come_from_all_tasks() {
        let mut latencies = Latencies::default();
        for number in 1..=10_000 {
            latencies.add(&task(number, number * 1000), true);
        }
        let summaries = latencies.summaries();
        assert_eq!(summaries.len(), 1);
        let latency = summaries[0].latency.unwrap();
        assert_eq!(latency.n, 10_000);
        assert!(close(latency.p50_ns, 5_000_000) && close(latency.p90_ns, 9_000_000), "{latency:?}");
        assert!(close(latency.p99_ns.unwrap(), 9_900_000) && close(latency.p999_ns.unwrap(), 9_990_000), "{latency:?}");
        assert!(close(latency.min_ns, 1000) && close(latency.max_ns, 10_000_000), "{latency:?}");
        assert!(close(summaries[0].time_to_first_byte.unwrap().p50_ns, 2_500_000));
        let curve = latencies.curve(Operation::Download, SizeClass::UpTo64KiB, &[0.25, 0.75]);
        assert!(close(curve[0], 2_500_000) && close(curve[1], 7_500_000), "{curve:?}");
        assert!(latencies.curve(Operation::Upload, SizeClass::UpTo64KiB, &[0.5]).is_empty());
    }

    #[test]
    fn few_tasks_have_no_tail() {
        let mut latencies = Latencies::default();
        (1..=99).for_each(|number| latencies.add(&task(number, number), true));
        let latency = latencies.summaries()[0].latency.unwrap();
        assert_eq!((latency.n, latency.p99_ns, latency.p999_ns, latency.max_ns), (99, None, None, 99));
    }

    #[test]
    fn failures_are_counted_and_in_no_figure() {
        let mut latencies = Latencies::default();
        latencies.add(&TaskRecord { error: Some(ErrorKind::Throttled), ..task(1, 9_000_000_000) }, false);
        latencies.add(&task(2, 9_000_000_000), false);
        assert_eq!(latencies.summaries()[0].latency, None);
        latencies.add(&task(3, 100), true);
        let summary = &latencies.summaries()[0];
        assert_eq!((summary.failed_tasks, summary.latency.unwrap().n, summary.latency.unwrap().max_ns), (1, 1, 100));
    }

    #[test]
    fn operations_and_sizes_are_apart() {
        let mut latencies = Latencies::default();
        latencies.add(&TaskRecord { operation: Operation::Upload, first_byte_ns: None, ..task(1, 5) }, true);
        latencies.add(&TaskRecord { size_bytes: (64 << 10) + 1, ..task(2, 6) }, true);
        latencies.add(&TaskRecord { size_bytes: 2 << 30, ..task(3, 7) }, true);
        let summaries = latencies.summaries();
        let classes: Vec<_> = summaries
            .iter()
            .map(|s| format!("{:?} {} {}", s.operation, s.size_class.label(), s.latency.unwrap().n))
            .collect();
        assert_eq!(classes, ["Upload up to 64 KiB 1", "Download up to 1 MiB 1", "Download over 1 GiB 1"]);
        assert_eq!(summaries[0].time_to_first_byte, None);
    }

    #[test]
    fn a_class_holds_its_upper_end() {
        for (size, label) in
            [(0, "up to 64 KiB"), (65_536, "up to 64 KiB"), (65_537, "up to 1 MiB"), (8 << 20, "up to 8 MiB")]
        {
            assert_eq!(SizeClass::of(ByteSize(size)).label(), label);
        }
    }
}
