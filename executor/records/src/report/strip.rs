//! One figure of several runs side by side on a common scale: each repeat as a point, the median and its interval.
//!
//! The scale begins at 0, so that lengths may be compared. Places are percentages of it: the page draws them with rules of
//! style alone, so they are there in print and without scripts.

use serde::Serialize;

use super::rates::even;
use crate::figures::Spread;
use crate::tables::figure;

/// Marks on the scale, about.
const MARKS: f64 = 5.0;

/// The figure of one run.
pub(super) struct Line {
    /// Name of the run in its group.
    pub(super) label: String,
    /// Number of its colour.
    pub(super) colour: usize,
    /// The figure for each repeat that counts, with the number of the repeat.
    pub(super) repeats: Vec<(u64, f64)>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Strip {
    title: &'static str,
    unit: &'static str,
    rows: Vec<Row>,
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    label: String,
    colour: usize,
    points: Vec<Mark>,
    median: Mark,
    low: f64,
    width: f64,
    interval: String,
}

/// A value, where it is on the scale, and how it reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Mark {
    place: f64,
    text: String,
}

impl Strip {
    /// The runs in `lines` that have values; `None` where none has.
    pub(super) fn of(title: &'static str, unit: &'static str, lines: Vec<Line>) -> Option<Self> {
        let largest = lines.iter().flat_map(|line| &line.repeats).map(|(_, value)| *value).fold(0.0, f64::max);
        if largest <= 0.0 {
            return None;
        }
        let step = even(largest / MARKS);
        let end = (largest / step).ceil() * step;
        let place = |value: f64| percent(value / end);
        let rows = lines.into_iter().filter_map(|line| {
            let spread = Spread::of(line.repeats.iter().map(|(_, value)| *value))?;
            let point = |(repeat, value): &(u64, f64)| Mark {
                place: place(*value),
                text: format!("{}, repeat {repeat}: {} {unit}", line.label, figure(*value)),
            };
            Some(Row {
                points: line.repeats.iter().map(point).collect(),
                median: Mark { place: place(spread.median), text: figure(spread.median) },
                low: place(spread.low),
                width: percent((spread.high - spread.low) / end),
                interval: format!("{} to {} {unit}", figure(spread.low), figure(spread.high)),
                label: line.label,
                colour: line.colour,
            })
        });
        let marks =
            std::iter::successors(Some(0.0), |value| Some(value + step)).take_while(|value| *value < end + step / 2.0);
        Some(Self {
            title,
            unit,
            rows: rows.collect(),
            marks: marks.map(|value| Mark { place: place(value), text: plain_number(value, step) }).collect(),
        })
    }
}

/// A share as a percentage with as many digits as a screen can show.
fn percent(share: f64) -> f64 {
    (share * 1e5).round() / 1e3
}

/// `value`, a multiple of `step`, without digits that say nothing.
fn plain_number(value: f64, step: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=12")]
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shares_of_an_even_scale() {
        let line = |label: &str, values: &[f64]| Line {
            label: label.to_owned(),
            colour: 0,
            repeats: (2..).zip(values.iter().copied()).collect(),
        };
        let strip = Strip::of("Throughput", "Gb/s", vec![line("a", &[3.0, 4.0, 4.5]), line("b", &[])]).unwrap();
        let marks: Vec<_> = strip.marks.iter().map(|mark| mark.text.as_str()).collect();
        assert_eq!(marks, ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(strip.rows.len(), 1);
        let row = &strip.rows[0];
        assert_eq!((row.median.place, row.low, row.width), (80.0, 60.0, 30.0));
        assert_eq!(row.points[2].text, "a, repeat 4: 4.500 Gb/s");
        assert_eq!(Strip::of("Throughput", "Gb/s", vec![line("b", &[])]), None);
    }

    #[test]
    fn small_scales_keep_their_digits() {
        let texts = [(0.15, 0.05), (0.002, 0.001), (20.0, 10.0)].map(|(value, step)| plain_number(value, step));
        assert_eq!(texts, ["0.15", "0.002", "20"]);
    }
}
