//! Bytes over time on the clock, in a bounded number of equal intervals.
//!
//! Every byte is counted in the interval in which it was seen to move; where two looks are further apart than an interval is
//! wide, what moved between them is spread evenly from one look to the other, never over a whole repeat.

/// Intervals at most; more than a terminal has columns, twice over for the dots of a column.
const MOST: usize = 400;
/// Width of an interval at first, in seconds: as often as runners tell how far they are.
const FIRST_WIDTH: f64 = 0.1;

/// What moved in each interval.
#[derive(Debug, Clone)]
pub struct Series {
    width: f64,
    bytes: Vec<f64>,
}

impl Default for Series {
    fn default() -> Self {
        Self { width: FIRST_WIDTH, bytes: Vec::new() }
    }
}

impl Series {
    /// Counts `bytes` that moved between `from` and `to`, both in seconds on the clock.
    pub fn add(&mut self, from: f64, to: f64, bytes: u64) {
        // A look that takes no time, and a clock that goes back, have no interval.
        if to.is_nan() || from.is_nan() || from < 0.0 || to <= from {
            return;
        }
        while self.place(to) >= MOST {
            self.widen();
        }
        let last = self.place(to);
        if self.bytes.len() <= last {
            self.bytes.resize(last + 1, 0.0);
        }
        let rate = bytes as f64 / (to - from);
        for place in self.place(from)..=last {
            let begin = (place as f64 * self.width).max(from);
            let end = ((place + 1) as f64 * self.width).min(to);
            self.bytes[place] += (end - begin).max(0.0) * rate;
        }
    }

    /// Seconds and Gb/s of each interval up to `now`, at its middle. The last one is left out while it goes on, unless it
    /// is the only one: half an interval would look like half the throughput.
    pub fn points(&self, now: f64) -> Vec<(f64, f64)> {
        let complete = self.bytes.iter().enumerate().filter(|(place, _)| (place + 1) as f64 * self.width <= now);
        let points: Vec<_> = complete.map(|(place, bytes)| self.point(place, *bytes, self.width)).collect();
        match (points.is_empty(), self.bytes.first()) {
            (true, Some(bytes)) if now > 0.0 => vec![self.point(0, *bytes, now.min(self.width))],
            _ => points,
        }
    }

    fn point(&self, place: usize, bytes: f64, seconds: f64) -> (f64, f64) {
        ((place as f64 + 0.5) * self.width, bytes * 8.0 / 1e9 / seconds)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never negative, and bounded by a run's length"
    )]
    fn place(&self, seconds: f64) -> usize {
        (seconds / self.width) as usize
    }

    /// Makes intervals twice as wide.
    fn widen(&mut self) {
        self.width *= 2.0;
        self.bytes = self.bytes.chunks(2).map(|pair| pair.iter().sum()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moved_is_counted_where_it_moved() {
        let mut series = Series::default();
        series.add(0.0, 0.1, 1_000_000);
        series.add(0.1, 0.3, 4_000_000);
        let points = series.points(0.3 + 1e-9);
        let gbps: Vec<f64> = points.iter().map(|(_, gbps)| (gbps * 1000.0).round() / 1000.0).collect();
        assert_eq!(gbps, [0.08, 0.16, 0.16]);
        assert!((points[1].0 - 0.15).abs() < 1e-9);
    }

    #[test]
    fn a_long_run_stays_bounded_and_loses_nothing() {
        let mut series = Series::default();
        for second in 0..5000 {
            series.add(f64::from(second), f64::from(second + 1), 1_000);
        }
        assert!(series.bytes.len() <= MOST);
        assert!((series.bytes.iter().sum::<f64>() - 5_000_000.0).abs() < 1.0);
        assert!(series.points(5000.0).iter().all(|(_, gbps)| (gbps - 8e-6).abs() < 1e-9));
    }

    #[test]
    fn a_clock_that_stands_or_goes_back_is_not_counted() {
        let mut series = Series::default();
        series.add(1.0, 1.0, 5);
        series.add(2.0, 1.0, 5);
        series.add(f64::NAN, 1.0, 5);
        assert!(series.points(10.0).is_empty());
    }

    #[test]
    fn the_interval_that_goes_on_is_not_shown_as_if_it_were_over() {
        let mut series = Series::default();
        series.add(0.0, 0.05, 1_000_000);
        assert_eq!(series.points(0.05).len(), 1, "the first is all there is");
        series.add(0.05, 0.12, 1_000_000);
        assert_eq!(series.points(0.12).len(), 1);
    }
}
