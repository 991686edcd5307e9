//! Latencies of the runs of a group, side by side: a table, and a curve for each run.

use serde::Serialize;
use workload_schema::Operation;

use super::comparison::{Cell, Group, thousands};
use crate::figures::{Latencies, LatencySummary, Percentiles, SizeClass};
use crate::tables::milliseconds_or_dash;

/// Titles of [`Row::numbers`]; times in milliseconds.
pub(super) const NUMBERS: [&str; 7] = ["tasks", "50 %", "90 %", "99 %", "99.9 %", "largest", "failed tasks"];

/// Points of a curve for each factor of ten by which fewer tasks are left.
const POINTS_PER_DECADE: u32 = 40;

/// One operation on objects of one class of sizes.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    #[serde(skip)]
    pub(super) curves: Curves,
}

/// The percentiles of a run.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    run: i64,
    label: String,
    colour: usize,
    what: &'static str,
    numbers: Vec<Cell>,
}

/// Latency over the share of tasks that took at most so long.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Curves {
    /// Tens of tasks that are left above: 0 for none of them, 1 for 90 %, 2 for 99 %.
    nines: Vec<f64>,
    lines: Vec<Curve>,
}

#[derive(Debug, Serialize)]
struct Curve {
    label: String,
    colour: usize,
    /// At each of the shares; shorter where there are too few tasks to know more.
    milliseconds: Vec<f64>,
}

/// A section for each operation and class of sizes in the runs of `group`, whose latencies are given in the same order.
pub(super) fn sections(group: &Group<'_>, latencies: &[Latencies]) -> Vec<Section> {
    let summaries: Vec<Vec<LatencySummary>> = latencies.iter().map(Latencies::summaries).collect();
    let mut classes: Vec<(Operation, SizeClass)> =
        summaries.iter().flatten().map(|summary| (summary.operation, summary.size_class)).collect();
    classes.sort_unstable();
    classes.dedup();
    let section = |(operation, size_class): (Operation, SizeClass)| {
        let of_class = summaries
            .iter()
            .map(|all| all.iter().find(|one| one.operation == operation && one.size_class == size_class));
        let rows = group.members.iter().zip(of_class.clone()).filter_map(|(member, summary)| {
            let row = |what, percentiles: Option<&Percentiles>| Row {
                run: member.run.run,
                label: member.label.clone(),
                colour: member.colour,
                what,
                numbers: numbers(percentiles, summary.map_or(0, |summary| summary.failed_tasks)),
            };
            let first_byte =
                summary?.time_to_first_byte.as_ref().map(|percentiles| row("to first byte", Some(percentiles)));
            Some(std::iter::once(row("latency", summary?.latency.as_ref())).chain(first_byte))
        });
        let nines = nines(of_class.flatten().filter_map(|summary| Some(summary.latency?.n)).max().unwrap_or(0));
        let lines = group.members.iter().zip(latencies).filter_map(|(member, latencies)| {
            let milliseconds = curve(latencies, operation, size_class, &nines);
            // Beside the floor of the harness the others would be one line.
            (!milliseconds.is_empty() && !member.is_floor()).then(|| Curve {
                label: member.label.clone(),
                colour: member.colour,
                milliseconds,
            })
        });
        let lines = lines.collect();
        Section {
            title: format!("{}, objects {}", operations(operation), size_class.label()),
            rows: rows.flatten().collect(),
            curves: Curves { nines, lines },
        }
    };
    classes.into_iter().map(section).collect()
}

fn operations(operation: Operation) -> &'static str {
    match operation {
        Operation::Upload => "Uploads",
        Operation::Download => "Downloads",
    }
}

fn numbers(percentiles: Option<&Percentiles>, failed: u64) -> Vec<Cell> {
    let of = |get: fn(&Percentiles) -> Option<u64>| {
        let time = percentiles.and_then(get);
        Cell::new(milliseconds_or_dash(time), time.map(|time| time as f64))
    };
    let n = percentiles.map_or(0, |percentiles| percentiles.n);
    vec![
        Cell::new(thousands(n), Some(n as f64)),
        of(|p| Some(p.p50_ns)),
        of(|p| Some(p.p90_ns)),
        of(|p| p.p99_ns),
        of(|p| p.p999_ns),
        of(|p| Some(p.max_ns)),
        Cell::new(thousands(failed), Some(failed as f64)),
    ]
}

/// Shares up to the one above which a single one of `n` tasks is left.
fn nines(n: u64) -> Vec<f64> {
    let last = (n.max(1) as f64).log10();
    let points = (0..).map(|index| f64::from(index) / f64::from(POINTS_PER_DECADE));
    points.take_while(|nines| *nines < last).chain([last]).map(|nines| (nines * 1e4).round() / 1e4).collect()
}

fn curve(latencies: &Latencies, operation: Operation, size_class: SizeClass, nines: &[f64]) -> Vec<f64> {
    let summaries = latencies.summaries();
    let known = summaries.iter().find(|summary| summary.operation == operation && summary.size_class == size_class);
    let Some(n) = known.and_then(|summary| Some(summary.latency?.n)) else { return Vec::new() };
    let last = (n as f64).log10() + 1e-3;
    let shares: Vec<f64> =
        nines.iter().filter(|nines| **nines <= last).map(|nines| 1.0 - 10_f64.powf(-nines)).collect();
    let times = latencies.curve(operation, size_class, &shares);
    // A screen has no use for more than four digits.
    times.into_iter().map(|time| (time as f64 / 1e2).round() / 1e4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_end_where_one_task_is_left() {
        assert_eq!(nines(1), [0.0]);
        let nines = nines(1000);
        assert_eq!((nines[0], nines[1], nines.last()), (0.0, 0.025, Some(&3.0)));
        assert_eq!(nines.len(), 3 * 40 + 1);
    }
}
