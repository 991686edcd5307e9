//! Numbers and foreign text as tables show them.

use super::{IntervalKind, Spread};

/// Four significant digits, more where there are more before the point; no exponent.
pub(crate) fn figure(value: f64) -> String {
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

/// `text` in lines of at most `width` columns where words allow it, later lines indented; ends with a newline.
pub(crate) fn wrap(text: &str, width: Option<usize>) -> String {
    const INDENT: &str = "    ";
    let width = width.unwrap_or(usize::MAX);
    let (mut wrapped, mut used) = (String::new(), 0);
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            wrapped += "\n";
            wrapped += INDENT;
            used = INDENT.len();
        } else if used > 0 {
            wrapped += " ";
            used += 1;
        }
        wrapped += word;
        used += length;
    }
    wrapped + "\n"
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
    fn long_sentences_are_wrapped_between_words() {
        assert_eq!(wrap("one two three four", Some(11)), "one two\n    three\n    four\n");
        assert_eq!(wrap("unbreakable word", Some(5)), "unbreakable\n    word\n");
        assert_eq!(wrap("one two three four", None), "one two three four\n");
    }

    #[test]
    fn terminals_get_nothing_to_obey() {
        assert_eq!(plain("a\r\n\tb\u{1b}[2Jc\u{7}"), "a b[2Jc");
    }
}
