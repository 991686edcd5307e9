//! Latencies as a table for people, with their definition.

use super::cell::figure;
use crate::figures::{DEFINITION, Latencies, LatencySummary, Percentiles};
use wlx_terminal::wrap;
use wlx_terminal::{Column, Grid};

const COLUMNS: [Column; 10] = [
    Column::text("operation", 0),
    Column::text("size of\nobjects", 0),
    Column::text("milliseconds", 0),
    Column::number("tasks", 0),
    Column::number("50 %", 0),
    Column::number("90 %", 1),
    Column::number("99 %", 0),
    Column::number("99.9 %", 2),
    Column::number("largest", 3),
    Column::number("failed\ntasks", 4),
];

/// The percentiles of each operation and class of sizes, and below what they mean; in at most `width` columns.
pub(super) fn latency_table(latencies: &Latencies, width: Option<usize>) -> String {
    let mut grid = Grid::new(&COLUMNS);
    for summary in latencies.summaries() {
        grid.row(row(&summary, "latency", summary.latency.as_ref()));
        if let Some(first_byte) = &summary.time_to_first_byte {
            grid.row(row(&summary, "to first byte", Some(first_byte)));
        }
    }
    grid.render(width) + "\n" + &wrap(DEFINITION, width)
}

fn row(summary: &LatencySummary, what: &str, percentiles: Option<&Percentiles>) -> Vec<String> {
    let of = |get: fn(&Percentiles) -> Option<u64>| milliseconds_or_dash(percentiles.and_then(get));
    vec![
        summary.operation.as_str().to_owned(),
        summary.size_class.label(),
        what.to_owned(),
        percentiles.map_or(0, |percentiles| percentiles.n).to_string(),
        of(|p| Some(p.p50_ns)),
        of(|p| Some(p.p90_ns)),
        of(|p| p.p99_ns),
        of(|p| p.p999_ns),
        of(|p| Some(p.max_ns)),
        summary.failed_tasks.to_string(),
    ]
}

/// Nanoseconds as milliseconds, or a dash.
pub(crate) fn milliseconds_or_dash(nanoseconds: Option<u64>) -> String {
    nanoseconds.map_or_else(|| "-".to_owned(), |nanoseconds| figure(nanoseconds as f64 / 1e6))
}

#[cfg(test)]
mod tests {
    use workload_schema::record::TaskRecord;
    use workload_schema::{ErrorKind, ObjectKey, Operation};

    use super::*;

    #[test]
    fn the_table_says_what_it_means() {
        let mut latencies = Latencies::default();
        for number in 0..200 {
            let task = TaskRecord {
                task: number,
                operation: if number < 40 { Operation::Upload } else { Operation::Download },
                key: ObjectKey::new("download/64KiB-1x/1").unwrap(),
                size_bytes: 64 << 10,
                intended_start_ns: None,
                start_ns: 0,
                end_ns: (number + 1) * 100_000,
                first_byte_ns: (number >= 40).then_some((number + 1) * 40_000),
                bytes: 64 << 10,
                requests: None,
                error: (number == 199).then_some(ErrorKind::Timeout),
            };
            latencies.add(&task, true);
        }
        insta::assert_snapshot!(latency_table(&latencies, Some(100)));
    }
}
