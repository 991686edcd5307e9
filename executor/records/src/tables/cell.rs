//! Numbers and foreign text as tables show them.

use crate::figures::{IntervalKind, Spread};

/// Four significant digits, more where there are more before the point; no exponent.
pub fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let decimals = (3.0 - value.abs().log10().floor()).clamp(0.0, 9.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=9 just above")]
    let decimals = decimals as usize;
    format!("{value:.decimals$}")
}

/// The figure, or a dash for what nobody measured.
pub(crate) fn figure_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), figure)
}

/// A median of counts, or a dash: whole unless it lies between two counts.
pub(crate) fn median_count_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |count| count.to_string())
}

/// The number, or a dash for what nobody measured.
pub(crate) fn count_or_dash(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |count| count.to_string())
}

/// Bytes in MiB, or a dash.
pub(crate) fn mebibytes_or_dash(bytes: Option<u64>) -> String {
    figure_or_dash(bytes.map(|bytes| bytes as f64 / (1_u64 << 20) as f64))
}

/// An interval with what it says: `3.100-3.300 95%`.
pub(crate) fn interval(spread: &Spread) -> String {
    let ends = || format!("{}-{}", figure(spread.low), figure(spread.high));
    match spread.interval {
        IntervalKind::Confidence95 => format!("{} 95%", ends()),
        IntervalKind::MinMax => format!("{} min-max", ends()),
        IntervalKind::Single => "one repeat".to_owned(),
    }
}

/// Text of a server or a foreign program in one line, without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits_that_mean_something() {
        let shown: Vec<String> =
            [0.0, 0.000_012_345, 0.012_345, 0.5, 1.0, 9.999_96, 28.847_134, 123.456, 98_765.4].map(figure).into();
        assert_eq!(shown.join(" "), "0 0.00001234 0.01235 0.5000 1.000 10.000 28.85 123.5 98765");
    }

    #[test]
    fn terminals_get_nothing_to_obey() {
        assert_eq!(plain("a\r\n\tb\u{1b}[2Jc\u{7}"), "a b[2Jc");
    }
}
