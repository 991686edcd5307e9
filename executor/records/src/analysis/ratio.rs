//! How much faster one client is than another, with an interval: the median of the ratios of repeats that followed each
//! other, or, where that cannot be had, the ratio of two medians.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::bootstrap::{Draws, interval_95, median};

/// A ratio of speeds: above 1 the second is faster than the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ratio {
    /// The median.
    pub median: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Values behind it: pairs, or the repeats of the side that has fewer.
    pub n: usize,
}

impl Ratio {
    /// Half of the interval's width, as a share of the ratio: what is meant by a precision.
    pub fn precision(&self) -> f64 {
        (self.high - self.low) / 2.0 / self.median
    }

    /// The same seen from the other side.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { median: 1.0 / self.median, low: 1.0 / self.high, high: 1.0 / self.low, n: self.n }
    }
}

/// Of pairs of seconds that two clients took for the same work, one right after the other: how much faster the second
/// is. What drifts slowly cancels in each pair. None for fewer than two pairs, or where a time is not above 0.
pub fn of_pairs(pairs: &[(f64, f64)], draws: Draws) -> Option<Ratio> {
    let logs: Vec<f64> = pairs.iter().map(|(first, second)| (first / second).ln()).collect();
    if logs.len() < 2 || !logs.iter().all(|log| log.is_finite()) {
        return None;
    }
    let mut resample = logs.clone();
    let (low, high) = interval_95(logs.len(), draws, |random| draw_median(&logs, &mut resample, random));
    Some(Ratio { median: median(&mut logs.clone()).exp(), low: low.exp(), high: high.exp(), n: logs.len() })
}

/// Of seconds that were measured at different times: how much faster the second is. What drifts does not cancel.
/// None for fewer than two values of either, or where a time is not above 0.
pub fn of_independent(first: &[f64], second: &[f64], draws: Draws) -> Option<Ratio> {
    let logs = |times: &[f64]| -> Option<Vec<f64>> {
        let logs: Vec<f64> = times.iter().map(|seconds| seconds.ln()).collect();
        (logs.len() >= 2 && logs.iter().all(|log| log.is_finite())).then_some(logs)
    };
    let (first, second) = (logs(first)?, logs(second)?);
    let n = first.len().min(second.len());
    let (mut drawn_first, mut drawn_second) = (first.clone(), second.clone());
    let (low, high) = interval_95(n, draws, |random| {
        draw_median(&first, &mut drawn_first, random) - draw_median(&second, &mut drawn_second, random)
    });
    let ratio = median(&mut first.clone()) - median(&mut second.clone());
    Some(Ratio { median: ratio.exp(), low: low.exp(), high: high.exp(), n })
}

fn draw_median(values: &[f64], drawn: &mut [f64], random: &mut Rng) -> f64 {
    for place in drawn.iter_mut() {
        *place = values[random.usize(..values.len())];
    }
    median(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_ratio_is_found_whatever_drifts() {
        let pairs: Vec<(f64, f64)> = (1..=12).map(|n| (1.1 * f64::from(n), f64::from(n))).collect();
        let ratio = of_pairs(&pairs, Draws::with_seed(1)).unwrap();
        for found in [ratio.median, ratio.low, ratio.high] {
            assert!((found - 1.1).abs() < 1e-9, "{ratio:?}");
        }
        let back = ratio.inverse();
        assert!((back.median - 1.0 / 1.1).abs() < 1e-9 && back.low <= back.high);
        // Seen as two series, the drift hides it.
        let (first, second): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let apart = of_independent(&first, &second, Draws::with_seed(1)).unwrap();
        assert!(apart.low < 1.0 && apart.high > 1.2, "{apart:?}");
    }

    #[test]
    fn too_little_is_no_ratio() {
        assert_eq!(of_pairs(&[(1.0, 1.0)], Draws::with_seed(1)), None);
        assert_eq!(of_pairs(&[(1.0, 1.0), (0.0, 1.0)], Draws::with_seed(1)), None);
        assert_eq!(of_independent(&[1.0, 2.0], &[1.0], Draws::with_seed(1)), None);
    }
}
