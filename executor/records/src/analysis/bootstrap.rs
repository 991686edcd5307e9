//! Bootstrap intervals of a statistic of few values.
//!
//! A plain percentile interval is too short for few values: of twenty repeats it misses the truth in seven to ten of a
//! hundred cases. So the percentiles are moved out as Student's t asks for (Hesterberg, "What Teachers Should Know About
//! the Bootstrap", 2015, section 5.3, the expanded percentile interval).

use fastrand::Rng;

/// Resamples of an interval that is shown; its ends repeat to about a hundredth of its width.
const RESAMPLES: usize = 4000;
/// What 95 % leave at each end of the normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// What intervals are drawn with: the same draws, the same interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    seed: u64,
    resamples: usize,
}

impl Draws {
    /// As many as an interval that is shown needs.
    pub fn with_seed(seed: u64) -> Self {
        Self { seed, resamples: RESAMPLES }
    }

    /// Fewer, for tests that make thousands of intervals.
    #[cfg(any(test, feature = "fixtures"))]
    pub fn few(seed: u64) -> Self {
        Self { seed, resamples: 400 }
    }
}

/// The middle value of `values`, whose order is changed by this.
pub(super) fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let middle = *middle;
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(before) if n.is_multiple_of(2) => f64::midpoint(before, middle),
        _ => middle,
    }
}

/// The 95 % interval of a statistic, of which `resample` makes one value from values drawn anew. `n` is how many values
/// one such draw has.
pub(super) fn interval_95(n: usize, draws: Draws, mut resample: impl FnMut(&mut Rng) -> f64) -> (f64, f64) {
    let mut random = Rng::with_seed(draws.seed);
    let mut values: Vec<f64> = (0..draws.resamples).map(|_| resample(&mut random)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let tail = tail_share(n);
    let at = |share: f64| {
        let position = share * (draws.resamples - 1) as f64;
        // Between the first and the last by its making.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in the values")]
        let below = position.floor() as usize;
        let above = (below + 1).min(draws.resamples - 1);
        values[below] + (values[above] - values[below]) * position.fract()
    };
    (at(tail), at(1.0 - tail))
}

/// The share of resamples to leave out at each end, for 95 % with `n` values.
fn tail_share(n: usize) -> f64 {
    let n = n.max(2) as f64;
    let reach = (n / (n - 1.0)).sqrt() * student_975(n - 1.0);
    libm::erfc(reach / std::f64::consts::SQRT_2) / 2.0
}

/// The 97.5 % point of Student's t (Cornish-Fisher expansion; off by less than 1 % from 4 degrees of freedom on).
fn student_975(degrees: f64) -> f64 {
    let z = NORMAL_975;
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * degrees)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees.powi(2))
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_t_is_as_in_the_tables() {
        for (degrees, expected) in [(4.0, 2.776), (9.0, 2.262), (29.0, 2.045), (1000.0, 1.962)] {
            let found = student_975(degrees);
            assert!((found - expected).abs() < 0.03, "{degrees}: {found}");
        }
        // Many values need no more than the plain percentiles.
        assert!((tail_share(100_000) - 0.025).abs() < 1e-4);
        assert!(tail_share(10) < 0.01);
    }

    #[test]
    fn the_middle_is_the_middle() {
        for (values, middle) in [(&mut [3.0, 1.0, 2.0][..], 2.0), (&mut [4.0, 1.0, 2.0, 3.0], 2.5)] {
            assert!((median(values) - middle).abs() < 1e-12);
        }
    }

    #[test]
    fn a_seed_gives_the_same_interval() {
        let of = |seed| interval_95(10, Draws::with_seed(seed), Rng::f64);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        let (low, high) = of(1);
        assert!(low < 0.05 && high > 0.95);
    }
}
