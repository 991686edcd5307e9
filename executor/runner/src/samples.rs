//! What is kept of each task while a repeat goes on, and a rough picture of it for the eye.
//!
//! In the timed part a task costs two readings of the clock, 64 bytes in a vector whose memory was touched before, and one
//! addition; everything else is done when the repeat is over.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use workload_schema::ErrorKind;
use workload_schema::event::{LatencySoFar, TASKS_OFF, TASKS_VARIABLE, TaskEvent};

/// Whether whoever started us wants tasks recorded.
pub fn wanted_by_environment() -> bool {
    std::env::var(TASKS_VARIABLE).as_deref() != Ok(TASKS_OFF)
}

/// One task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Index of the task.
    pub task: u32,
    /// Why it failed, if it did.
    pub error: Option<ErrorKind>,
    /// When it began.
    pub start: Instant,
    /// When it ended.
    pub end: Instant,
    /// When the first bytes of a download were handed over by the client's library.
    pub first_byte: Option<Instant>,
    /// Bytes that moved.
    pub bytes: u64,
}

impl Sample {
    /// What stands where none is yet.
    pub fn nothing() -> Self {
        let now = Instant::now();
        Self { task: 0, error: None, start: now, end: now, first_byte: None, bytes: 0 }
    }

    /// As it is sent, with times since `base`.
    pub fn event(&self, repeat: u64, base: Instant) -> TaskEvent {
        let since = |moment: Instant| nanoseconds(moment.saturating_duration_since(base));
        TaskEvent {
            repeat,
            task: u64::from(self.task),
            intended_start_ns: None,
            start_ns: since(self.start),
            end_ns: since(self.end),
            first_byte_ns: self.first_byte.map(since),
            bytes: self.bytes,
            requests: None,
            error: self.error,
        }
    }
}

/// Nanoseconds, of which 64 bits hold 584 years.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Buckets for each doubling: the percentiles that are read are at most 1/32 too high.
const STEPS_BITS: u32 = 5;
const STEPS: u64 = 1 << STEPS_BITS;
const BUCKETS: usize = ((64 - STEPS_BITS as usize) + 1) << STEPS_BITS;

/// How long tasks took, roughly, readable at any moment.
#[derive(Debug)]
pub struct RoughLatency(Box<[AtomicU64]>);

impl Default for RoughLatency {
    fn default() -> Self {
        Self(std::iter::repeat_with(AtomicU64::default).take(BUCKETS).collect())
    }
}

impl RoughLatency {
    /// Adds a task.
    pub fn add(&self, took: Duration) {
        self.0[bucket_of(nanoseconds(took))].fetch_add(1, Relaxed);
    }

    /// Percentiles so far; none before a task has ended.
    pub fn read(&self) -> Option<LatencySoFar> {
        let counts: Vec<u64> = self.0.iter().map(|count| count.load(Relaxed)).collect();
        let all: u64 = counts.iter().sum();
        let percentile = |percent: u64| {
            let rank = (all * percent).div_ceil(100).max(1);
            let mut seen = 0;
            let bucket = counts.iter().position(|count| {
                seen += count;
                seen >= rank
            });
            bucket.map(upper_end)
        };
        Some(LatencySoFar { p50_ns: percentile(50)?, p90_ns: percentile(90)?, p99_ns: percentile(99)? })
    }
}

fn bucket_of(value: u64) -> usize {
    // The first buckets hold one value each; from there on a doubling has `STEPS` of them.
    let bucket = match value.checked_ilog2() {
        Some(bits) if bits >= STEPS_BITS => {
            let doubling = bits - STEPS_BITS;
            (u64::from(doubling) + 1) * STEPS + (value >> doubling) - STEPS
        }
        _ => value,
    };
    usize::try_from(bucket).expect("there are some two thousand buckets")
}

/// The largest value of a bucket.
fn upper_end(bucket: usize) -> u64 {
    let (doubling, step) = (bucket as u64 / STEPS, bucket as u64 % STEPS);
    match doubling {
        0 => step,
        _ => ((STEPS + step + 1) << (doubling - 1)).wrapping_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_bucket() {
        let mut before = 0;
        for value in (0..100_000).chain((17..64).flat_map(|bits| [(1 << bits) - 1, 1 << bits, (1 << bits) + 1])) {
            let bucket = bucket_of(value);
            assert!(bucket < BUCKETS && bucket >= before, "{value}: {bucket}");
            let end = upper_end(bucket);
            assert!(end >= value && end - value <= value / STEPS + 1, "{value}: {bucket} ends at {end}");
            before = bucket;
        }
        assert_eq!(upper_end(bucket_of(u64::MAX)), u64::MAX);
    }

    #[test]
    fn percentiles_are_close() {
        let latency = RoughLatency::default();
        assert_eq!(latency.read(), None);
        for microseconds in 1..=1000 {
            latency.add(Duration::from_micros(microseconds));
        }
        let read = latency.read().unwrap();
        for (found, expected) in [(read.p50_ns, 500_000), (read.p90_ns, 900_000), (read.p99_ns, 990_000)] {
            assert!(found >= expected && found <= expected * 104 / 100, "{found} for {expected}");
        }
    }
}
