//! The statistics that data frames print of a column, by the same definitions as pandas' `describe()`, so that both
//! sides of an export say the same.
//!
//! For reading on in other tools only: nothing here compares clients by a mean.

/// Statistics of a series, in the order of [`STATISTICS`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Description {
    /// Number of values.
    pub(crate) count: usize,
    /// Arithmetic mean.
    pub(crate) mean: Option<f64>,
    /// Sample standard deviation (divided by n - 1); none of fewer than two values.
    pub(crate) std: Option<f64>,
    /// Smallest, quartiles and largest, between values by linear interpolation.
    pub(crate) quartiles: Option<[f64; 5]>,
}

/// Suffix and meaning of each statistic after `count`.
pub(crate) const STATISTICS: [(&str, &str); 7] = [
    ("mean", "mean"),
    ("std", "sample standard deviation (n - 1)"),
    ("min", "minimum"),
    ("25", "lower quartile (linear interpolation)"),
    ("50", "median"),
    ("75", "upper quartile (linear interpolation)"),
    ("max", "maximum"),
];

impl Description {
    /// Describes `values` in any order.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let count = values.len();
        if count == 0 {
            return Self { count, mean: None, std: None, quartiles: None };
        }
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            count,
            mean: Some(mean),
            std: (count > 1).then(|| (squares / (count - 1) as f64).sqrt()),
            quartiles: Some([0, 1, 2, 3, 4].map(|quarter| quantile(&values, quarter))),
        }
    }

    /// The statistics after `count`, in the order of [`STATISTICS`].
    pub(crate) fn figures(&self) -> [Option<f64>; 7] {
        let quartile = |quarter: usize| self.quartiles.map(|quartiles| quartiles[quarter]);
        [self.mean, self.std, quartile(0), quartile(1), quartile(2), quartile(3), quartile(4)]
    }
}

/// The value at `quarter` quarters of the way through `sorted`, which is not empty.
fn quantile(sorted: &[f64], quarter: usize) -> f64 {
    // Whole numbers, so that a quartile that is a value is exactly that value.
    let (place, rest) = ((sorted.len() - 1) * quarter / 4, (sorted.len() - 1) * quarter % 4);
    let below = sorted[place];
    match sorted.get(place + 1) {
        Some(above) if rest > 0 => below + (above - below) * (rest as f64 / 4.0),
        _ => below,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: Option<f64>, right: f64) -> bool {
        left.is_some_and(|left| (left - right).abs() <= 1e-12 * right.abs())
    }

    #[test]
    fn figures_are_those_of_pandas() {
        // pandas.Series([3, 1, 4, 1, 5, 9, 2, 6]).describe()
        let description = Description::of([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]);
        assert_eq!(description.count, 8);
        assert!(near(description.mean, 3.875) && near(description.std, 2.748_376_143_938_713_2), "{description:?}");
        assert_eq!(description.quartiles, Some([1.0, 1.75, 3.5, 5.25, 9.0]));
    }

    #[test]
    fn few_values_have_few_figures() {
        assert_eq!(Description::of([]).figures(), [None; 7]);
        let one = Description::of([2.5]);
        assert_eq!((one.count, one.std), (1, None));
        assert_eq!(one.figures(), [Some(2.5), None, Some(2.5), Some(2.5), Some(2.5), Some(2.5), Some(2.5)]);
    }
}
