//! The median of a series and an interval around it: the only figures that are shown of several repeats.
//!
//! There is no mean here. Times on a shared machine have a long tail on one side, which a mean follows
//! and a median does not.

use serde::{Deserialize, Serialize};

/// From this many values on, the smallest and the largest hold the true median in 95 of 100 cases or more.
const FEWEST_FOR_CONFIDENCE: usize = 6;
/// The share of cases in which the interval may miss the true median at each end.
const MISS: f64 = 0.025;

/// What an interval says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IntervalKind {
    /// It holds the true median with at least 95 % confidence, whatever the distribution (order statistics).
    Confidence95,
    /// Smallest and largest value: there are too few for more.
    MinMax,
    /// There is one value.
    Single,
}

/// The median of `n` values with an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// Number of values.
    pub n: usize,
    /// The middle value, or half-way between the two middle ones.
    pub median: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// What the interval says.
    pub interval: IntervalKind,
}

impl Spread {
    /// The spread of `values` in any order; `None` where there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let (first, last) = (*values.first()?, *values.last()?);
        let (low, high, interval) = match n {
            1 => (first, last, IntervalKind::Single),
            ..FEWEST_FOR_CONFIDENCE => (first, last, IntervalKind::MinMax),
            _ => {
                let left_out = left_out_at_each_end(n);
                (values[left_out], values[n - 1 - left_out], IntervalKind::Confidence95)
            }
        };
        Some(Self { n, median: f64::midpoint(values[(n - 1) / 2], values[n / 2]), low, high, interval })
    }
}

/// How many of `n` sorted values may be left out at each end with the interval still 95 % sure.
///
/// Of `n` values, the number below the true median is binomial with p = 1/2. The interval from the
/// (k+1)-th value misses it at that end if at most k values lie below it.
fn left_out_at_each_end(n: usize) -> usize {
    // Logarithms, because 2^-n itself is 0 in floating point from n = 1075 on.
    let mut ln_probability = -(n as f64) * std::f64::consts::LN_2;
    let mut at_most = 0.0;
    for below in 0..n {
        at_most += ln_probability.exp();
        if at_most > MISS {
            return below.saturating_sub(1);
        }
        ln_probability += ((n - below) as f64 / (below + 1) as f64).ln();
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_tables() {
        // Number of values and the rank of the lower end, from published tables for the median at 95 %.
        for (n, rank) in [(6, 1), (8, 1), (9, 2), (10, 2), (12, 3), (15, 4), (20, 6), (30, 10), (50, 18), (100, 40)] {
            assert_eq!(left_out_at_each_end(n) + 1, rank, "n = {n}");
        }
        assert_eq!(left_out_at_each_end(10_000) + 1, 4902);
    }

    #[test]
    fn few_values_have_their_range() {
        assert_eq!(Spread::of([]), None);
        let one = Spread::of([2.0]).unwrap();
        assert_eq!((one.n, one.median, one.interval), (1, 2.0, IntervalKind::Single));
        let five = Spread::of([5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!((five.median, five.low, five.high, five.interval), (3.0, 1.0, 5.0, IntervalKind::MinMax));
    }

    #[test]
    fn one_outlier_moves_neither_median_nor_interval() {
        let calm = Spread::of((1..=10).map(f64::from)).unwrap();
        let outlier = Spread::of((1..=9).map(f64::from).chain([1e9])).unwrap();
        assert_eq!((calm.median, calm.low, calm.high), (5.5, 2.0, 9.0));
        assert_eq!(outlier, calm);
        assert_eq!(calm.interval, IntervalKind::Confidence95);
    }

    #[test]
    fn the_interval_holds_the_true_median_as_often_as_it_says() {
        // A fixed linear congruential sequence: uniform values around a true median of 0.5.
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        for n in [6, 9, 15, 40] {
            let holds = (0..2000)
                .filter(|_| {
                    let spread = Spread::of((0..n).map(|_| uniform())).unwrap();
                    spread.low <= 0.5 && 0.5 <= spread.high
                })
                .count();
            assert!(holds >= 1880, "n = {n}: {holds} of 2000");
        }
    }
}
