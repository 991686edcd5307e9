//! A comparison for people: the verdict in words first, then the figures behind it.

use super::outcome::{Comparison, Side};
use run_records::analysis::Ratio;
use run_records::results::significant;
use wlx_terminal::wrap;
use wlx_terminal::{Column, Grid};

const COLUMNS: [Column; 7] = [
    Column::text("client", 0),
    Column::text("version", 3),
    Column::number("Gb/s\nmedian", 0),
    Column::number("speed\nmedian", 0),
    Column::number("speed\n95 % interval", 0),
    Column::number("CPU\ns/GiB", 1),
    Column::number("CPU for the same work\n95 % interval", 2),
];

/// The text about `comparison`, in at most `width` columns.
pub fn text(comparison: &Comparison, width: Option<usize>) -> String {
    let mut text = format!("{}\n", comparison.workload);
    for sentence in sentences(comparison) {
        text += &wrap(&sentence, width);
    }
    text += "\n";
    text += &table(comparison).render(width);
    let seed = comparison.seed;
    text += &wrap(
        &format!(
            "speed: median of the ratios to {} over {} rounds of turns, each client warm; seed {seed}",
            comparison.sides[0].label, comparison.rounds
        ),
        width,
    );
    for side in &comparison.sides[1..] {
        text += &wrap(&evidence(side, &comparison.sides[0]), width);
    }
    for warning in &comparison.warnings {
        text += &wrap(&format!("warning: {warning}"), width);
    }
    text
}

/// The verdicts.
fn sentences(comparison: &Comparison) -> Vec<String> {
    let first = &comparison.sides[0];
    let verdict = |side: &Side| match &side.verdict {
        Some(verdict) => verdict.sentence(&side.label, &first.label),
        None => format!("{}: too few turns to say anything", side.label),
    };
    comparison.sides[1..].iter().map(verdict).collect()
}

fn table(comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(&COLUMNS);
    for side in &comparison.sides {
        grid.row(vec![
            side.label.clone(),
            side.client_version.clone().unwrap_or_else(|| "-".to_owned()),
            significant(side.throughput_gbps),
            side.speed.map_or_else(|| "1".to_owned(), |speed| format!("{:.3}", speed.median)),
            side.speed.map_or_else(|| "-".to_owned(), interval),
            side.cpu_seconds_per_gib.map_or_else(|| "-".to_owned(), significant),
            side.cpu.map_or_else(|| "-".to_owned(), interval),
        ]);
    }
    grid
}

fn interval(ratio: Ratio) -> String {
    format!("{:.3}-{:.3}", ratio.low, ratio.high)
}

/// Whether both did the same work.
fn evidence(side: &Side, first: &Side) -> String {
    let checked = |at: &Option<String>| at.as_deref().map_or(String::new(), |at| format!(" (wlx conform, {at})"));
    if side.client == first.client {
        return format!("same work: {} is {}", side.label, first.client);
    }
    match &side.differences {
        None => format!(
            "same work? never checked for {} beside {} in these versions: wlx conform {} {}",
            side.label, first.label, first.client, side.client
        ),
        Some(differences) if differences.is_empty() => {
            format!("same work: nothing unlike {} was seen in {}{}", first.label, side.label, checked(&side.checked_at))
        }
        Some(differences) => {
            format!("not quite the same work{}: {}", checked(&side.checked_at), differences.join("; "))
        }
    }
}
