//! The distribution of the rates of single tasks, in MB/s, from all of them.

use hdrhistogram::Histogram;
use serde::Serialize;
use workload_schema::record::TaskRecord;

/// About so many bars.
const BARS: f64 = 40.0;
/// A bar is at least this part of the highest rate: rates are counted in three digits.
const FINEST: f64 = 100.0;
/// So many times the 99th percentile is the highest rate that has a bar: a few very fast tasks would flatten the others.
const BEYOND: f64 = 1.5;
/// Rates are counted in kB/s, up to 1 PB/s.
const FASTEST_KBPS: u64 = 1_000_000_000_000;

/// Rates of the tasks that were added so far.
#[derive(Debug)]
pub(super) struct Rates(Histogram<u64>);

/// How many tasks had which rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Distribution {
    /// MB/s at which the first bar begins.
    pub(super) from_mbps: f64,
    /// Width of a bar in MB/s.
    pub(super) width_mbps: f64,
    /// Tasks in each bar.
    pub(super) tasks: Vec<u64>,
    /// Tasks in all.
    pub(super) total: u64,
    /// Tasks that were faster than the last bar.
    pub(super) beyond: u64,
    /// Highest rate in MB/s.
    pub(super) highest_mbps: f64,
    /// Half of the tasks had at most this rate, in MB/s.
    pub(super) median_mbps: f64,
    /// One in ten tasks had at most this rate, in MB/s.
    pub(super) slow_mbps: f64,
}

impl Rates {
    pub(super) fn new() -> Self {
        Self(Histogram::new_with_bounds(1, FASTEST_KBPS, 3).expect("valid bounds"))
    }

    /// Adds a task that succeeded and moved something.
    pub(super) fn add(&mut self, task: &TaskRecord) {
        if task.error.is_none() && task.bytes > 0 {
            self.0.saturating_record(kilobytes_per_second(task.bytes, task.duration_ns()));
        }
    }

    /// In bars of equal, even width; `None` where there is no task.
    pub(super) fn distribution(&self) -> Option<Distribution> {
        if self.0.is_empty() {
            return None;
        }
        let megabytes = |kilobytes: u64| kilobytes as f64 / 1e3;
        let (least, highest) = (megabytes(self.0.min()), megabytes(self.0.max()));
        let most = highest.min(BEYOND * megabytes(self.0.value_at_quantile(0.99)));
        let width_mbps = even(((most - least) / BARS).max(most / FINEST));
        let first = (least / width_mbps).floor();
        let (mut tasks, mut beyond) = (Vec::new(), 0);
        for step in self.0.iter_recorded() {
            let rate = megabytes(step.value_iterated_to());
            // Values are rounded up, by 0.1 % at most.
            if rate > most * 1.001 {
                beyond += step.count_at_value();
                continue;
            }
            let bar = bar((rate / width_mbps).floor() - first);
            if tasks.len() <= bar {
                tasks.resize(bar + 1, 0);
            }
            tasks[bar] += step.count_at_value();
        }
        Some(Distribution {
            from_mbps: first * width_mbps,
            width_mbps,
            tasks,
            total: self.0.len(),
            beyond,
            highest_mbps: highest,
            median_mbps: megabytes(self.0.value_at_quantile(0.5)),
            slow_mbps: megabytes(self.0.value_at_quantile(0.1)),
        })
    }
}

fn kilobytes_per_second(bytes: u64, duration_ns: u64) -> u64 {
    let rate = u128::from(bytes) * 1_000_000 / u128::from(duration_ns.max(1));
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// The least of 1, 2 and 5 times a power of ten that is not below `width`.
pub(super) fn even(width: f64) -> f64 {
    let power = 10_f64.powf(width.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|even| *even >= width).unwrap_or(10.0 * power)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens of bars, from 0")]
fn bar(index: f64) -> usize {
    index as usize
}

#[cfg(test)]
mod tests {
    use workload_schema::{ObjectKey, Operation};

    use super::*;

    fn task(bytes: u64, duration_ns: u64) -> TaskRecord {
        TaskRecord {
            task: 0,
            operation: Operation::Upload,
            key: ObjectKey::new("upload/1").unwrap(),
            size_bytes: bytes,
            intended_start_ns: None,
            start_ns: 5,
            end_ns: 5 + duration_ns,
            first_byte_ns: None,
            bytes,
            requests: None,
            error: None,
        }
    }

    #[test]
    fn every_task_is_in_the_bar_of_its_rate() {
        let mut rates = Rates::new();
        // 1 MB in 10 ms to 1 s: 100 MB/s down to 1 MB/s, of which 50 MB/s are the 99th percentile.
        (1..=100).for_each(|n| rates.add(&task(1_000_000, n * 10_000_000)));
        rates.add(&task(0, 1000));
        let distribution = rates.distribution().unwrap();
        assert_eq!((distribution.total, distribution.tasks.iter().sum::<u64>()), (100, 99));
        assert_eq!((distribution.beyond, distribution.highest_mbps.round()), (1, 100.0));
        assert_eq!((distribution.from_mbps, distribution.width_mbps), (0.0, 2.0));
        // Below 2 MB/s are all that took more than 500 ms.
        assert_eq!((distribution.tasks[0], distribution.tasks.last()), (50, Some(&1)));
        assert!((distribution.median_mbps - 1.98).abs() < 0.03, "{distribution:?}");
    }

    #[test]
    fn tasks_of_one_rate_make_one_bar() {
        let mut rates = Rates::new();
        (0..9).for_each(|_| rates.add(&task(52_000_000, 1_000_000_000)));
        let distribution = rates.distribution().unwrap();
        assert_eq!(
            (distribution.from_mbps, distribution.width_mbps, distribution.tasks.as_slice()),
            (52.0, 1.0, [9].as_slice())
        );
        assert_eq!(Rates::new().distribution(), None);
    }
}
