//! The table of a calibration.

use workload_schema::ByteSize;

use run_records::analysis::calibration::Calibration;
use run_records::analysis::calibration::duration;
use run_records::results::{IntervalKind, Spread};
use wlx_terminal::{Column, Grid};

/// Renders it for a terminal of `width` columns.
pub fn table(calibration: &Calibration, width: Option<usize>) -> String {
    let mut grid = Grid::new(&[
        Column::text("what", 0),
        Column::number("median", 0),
        Column::text("interval", 1),
        Column::number("n", 2),
        Column::text("", 1),
    ]);
    let mut row = |what: String, spread: &Spread, figure: &dyn Fn(f64) -> String, more: String| {
        let kind = match spread.interval {
            IntervalKind::Confidence95 => " 95%",
            IntervalKind::MinMax => " min-max",
            IntervalKind::Single => "",
        };
        let interval = format!("{} to {}{kind}", figure(spread.low), figure(spread.high));
        grid.row(vec![what, figure(spread.median), interval, spread.n.to_string(), more]);
    };
    for floor in &calibration.null {
        let more = duration(floor.nanoseconds_a_task() / 1e9) + " a task";
        row(format!("client null, {}", counted(floor.tasks, "task")), &floor.seconds, &duration, more);
    }
    for limit in &calibration.loopback {
        let what = format!("loopback, {}", counted(limit.connections, "connection"));
        row(what.clone(), &limit.gbps, &gbps, String::new());
        row(what, &limit.round_trips_per_second, &|rate| format!("{rate:.0} /s"), "questions and answers".to_owned());
    }
    let disk = &calibration.disk;
    let bytes = |rate: f64| gbps(rate * 8.0 / 1e9);
    let size = ByteSize(disk.size_bytes);
    row(format!("disk, {size} written"), &disk.write_bytes_per_second, &bytes, "to the disk (fsync)".to_owned());
    row(format!("disk, {size} read"), &disk.read_bytes_per_second, &bytes, "after the cache forgot it".to_owned());
    row(format!("disk, {size} read"), &disk.cached_bytes_per_second, &bytes, "from the page cache".to_owned());
    let step = duration(calibration.clock.step_ns as f64 / 1e9);
    row(
        "clock, one reading".to_owned(),
        &calibration.clock.reading_ns,
        &|nanoseconds| duration(nanoseconds / 1e9),
        format!("moves by {step}"),
    );
    grid.render(width) + &remarks(calibration)
}

/// Nothing else tells a disk from a file system in memory, or from one that ignores the advice.
fn remarks(calibration: &Calibration) -> String {
    let disk = &calibration.disk;
    if disk.read_bytes_per_second.median < disk.cached_bytes_per_second.median * 0.8 {
        return String::new();
    }
    "the files directory is read as fast as the page cache: its file system is in memory, or keeps its cache\n"
        .to_owned()
}

fn gbps(value: f64) -> String {
    format!("{value:.2} Gb/s")
}

/// `1 task`, `1000 tasks`.
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
