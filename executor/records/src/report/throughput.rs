//! Aggregate throughput over the time of a repeat, from the bytes that had really moved at each moment.

use serde::Serialize;
use workload_schema::Gbps;
use workload_schema::record::SeriesPoint;

/// Intervals that are drawn at most; more are joined, which loses no byte.
const MOST_INTERVALS: u64 = 300;

/// Throughput in one interval after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Throughput {
    /// Ends of the intervals in seconds since the start of the repeat; the first starts at 0.
    pub(super) ends_seconds: Vec<f64>,
    /// Bytes moved in each x 8 / 1e9 / its length.
    pub(super) gbps: Vec<f64>,
    /// Moments at which the bytes were read.
    pub(super) readings: usize,
}

impl Throughput {
    /// Differences between the readings of `series`; `None` where nothing was read.
    pub(super) fn of(series: &[SeriesPoint]) -> Option<Self> {
        let last = series.last().filter(|last| last.elapsed_ns > 0)?;
        let shortest = last.elapsed_ns.div_ceil(MOST_INTERVALS);
        let mut throughput = Self { ends_seconds: Vec::new(), gbps: Vec::new(), readings: series.len() };
        let (mut from_ns, mut from_bytes) = (0, 0);
        for point in series {
            let length = point.elapsed_ns - from_ns;
            if length > 0 && (length >= shortest || point == last) {
                let seconds = length as f64 / 1e9;
                throughput.ends_seconds.push(point.elapsed_ns as f64 / 1e9);
                throughput.gbps.push(Gbps::of(point.bytes.saturating_sub(from_bytes), seconds).get());
                (from_ns, from_bytes) = (point.elapsed_ns, point.bytes);
            }
        }
        Some(throughput)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: impl IntoIterator<Item = (u64, u64)>) -> Vec<SeriesPoint> {
        let point = |(elapsed_ns, bytes)| SeriesPoint { elapsed_ns, bytes, tasks: 0, in_flight: None };
        points.into_iter().map(point).collect()
    }

    #[test]
    fn an_interval_has_the_bytes_that_moved_in_it() {
        // 125 MB are a gigabit.
        let read = series([(500_000_000, 62_500_000), (1_000_000_000, 62_500_000), (3_000_000_000, 562_500_000)]);
        let throughput = Throughput::of(&read).unwrap();
        assert_eq!(throughput.ends_seconds, [0.5, 1.0, 3.0]);
        assert_eq!(throughput.gbps, [1.0, 0.0, 2.0]);
    }

    #[test]
    fn joined_intervals_lose_no_byte() {
        let read = series((1..=100_000).map(|n| (n * 7_000, n * n)));
        let throughput = Throughput::of(&read).unwrap();
        assert!(throughput.gbps.len() <= 300 && throughput.gbps.len() > 200, "{}", throughput.gbps.len());
        let starts = std::iter::once(0.0).chain(throughput.ends_seconds.iter().copied());
        let lengths = throughput.ends_seconds.iter().zip(starts).map(|(end, start)| end - start);
        let bytes: f64 = throughput.gbps.iter().zip(lengths).map(|(gbps, length)| gbps * length * 1e9 / 8.0).sum();
        assert!((bytes - 1e10).abs() < 1.0, "{bytes}");
    }

    #[test]
    fn nothing_read_is_nothing_drawn() {
        assert_eq!(Throughput::of(&[]), None);
        assert_eq!(Throughput::of(&series([(0, 0)])), None);
    }
}
