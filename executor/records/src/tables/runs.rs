//! Runs side by side: the table at the end of `wlx run`, and `wlx results list`.

use workload_schema::record::{Outcome, RunRecord};

use super::cell::{count_or_dash, figure_or_dash, interval, mebibytes_or_dash, median_count_or_dash, plain};
use super::context::Context;
use super::remarks::{marks, remarks};
use crate::analysis;
use crate::figures::{Basis, Summary};
use wlx_terminal as terminal;
use wlx_terminal::{Column, Grid};

/// The columns of `wlx run`; ranks say which go first where room is short.
const SUMMARY: [Column; 14] = [
    Column::number("run", 0),
    Column::text("workload", 0),
    Column::text("client", 0),
    Column::number("repeats\ngood/warm", 2),
    Column::number("Gb/s\nmedian", 0),
    Column::number("Gb/s\ninterval", 1),
    Column::number("seconds\nmedian", 6),
    Column::number("requests\nper repeat", 8),
    Column::number("retries\nin all", 4),
    Column::number("CPU\ns/GiB", 5),
    Column::number("memory\npeak MiB", 7),
    Column::text("bound by", 3),
    Column::text("outcome", 0),
    Column::text("notes", 3),
];

/// Where `list` shows the start of a run.
const STARTED: Column = Column::text("started (UTC)", 2);

/// The runs as they are, with what has to be said about them below; as wide as the terminal that stdout
/// is, or as wide as it takes.
pub fn summary_table(runs: &[RunRecord], context: &Context) -> String {
    summary_table_within(runs, context, terminal::width())
}

/// The same in at most `width` columns: where room is short, the least important columns are left out,
/// and named.
pub fn summary_table_within(runs: &[RunRecord], context: &Context, width: Option<usize>) -> String {
    with_remarks(summary_grid(runs).render(width), runs, context, width)
}

/// The same with every column, below each other where they do not fit.
pub(super) fn full_summary(runs: &[RunRecord], context: &Context, width: Option<usize>) -> String {
    with_remarks(summary_grid(runs).render_whole(width), runs, context, width)
}

fn summary_grid(runs: &[RunRecord]) -> Grid {
    let mut grid = Grid::new(&SUMMARY);
    for run in runs {
        grid.row(summary_row(run));
    }
    grid
}

/// The table of [`summary_table`] with the time when each run started, and without the sentences below
/// it: over many runs they would push the table off the screen.
pub fn list_table(runs: &[RunRecord], width: Option<usize>) -> String {
    let mut columns = SUMMARY.to_vec();
    columns.insert(1, STARTED);
    let mut grid = Grid::new(&columns);
    for run in runs {
        let mut cells = summary_row(run);
        cells.insert(1, to_the_second(&run.started_at));
        grid.row(cells);
    }
    grid.render(width)
}

/// How a run ended; an unfinished one with what is known of its process.
pub(crate) fn outcome(run: &RunRecord) -> String {
    match (&run.outcome, &run.reason) {
        (Outcome::Unfinished, Some(reason)) => format!("unfinished ({})", plain(reason)),
        (outcome, _) => outcome.as_str().to_owned(),
    }
}

fn with_remarks(table: String, runs: &[RunRecord], context: &Context, width: Option<usize>) -> String {
    let remarks = remarks(runs, context, width);
    if remarks.is_empty() { table } else { table + "\n" + &remarks }
}

fn summary_row(run: &RunRecord) -> Vec<String> {
    let summary = Summary::of(run);
    let workload =
        if run.scale == "1" { run.workload.to_string() } else { format!("{} ({})", run.workload, plain(&run.scale)) };
    vec![
        run.run.to_string(),
        workload,
        plain(&run.client),
        format!("{}/{}", summary.good, summary.warm),
        median_gbps(&summary),
        summary.throughput_gbps.as_ref().map_or_else(|| "-".to_owned(), interval),
        figure_or_dash(summary.seconds.map(|spread| spread.median)),
        median_count_or_dash(summary.requests_per_repeat),
        count_or_dash(summary.retries),
        figure_or_dash(summary.cpu_seconds_per_gib),
        mebibytes_or_dash(summary.peak_memory_bytes),
        bound_by(run),
        outcome(run),
        marks(run, &summary),
    ]
}

/// What held the run back, in a word.
fn bound_by(run: &RunRecord) -> String {
    analysis::held_back(run).map_or_else(|| "-".to_owned(), |held_back| held_back.bound.mark().to_owned())
}

/// The figure that people look at first: its mark goes where it goes.
fn median_gbps(summary: &Summary) -> String {
    let figure = figure_or_dash(summary.throughput_gbps.map(|spread| spread.median));
    match summary.basis {
        Basis::Cold => format!("cold {figure}"),
        Basis::Warm | Basis::Nothing => figure,
    }
}

/// `2026-11-21 13:01:02` from RFC 3339.
fn to_the_second(time: &str) -> String {
    time.get(..19).unwrap_or(time).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::mixed;

    #[test]
    fn the_table_of_a_run_says_all_there_is() {
        insta::assert_snapshot!(summary_table_within(&mixed(), &Context::default(), None));
    }

    #[test]
    fn eighty_columns_are_enough() {
        let table = summary_table_within(&mixed(), &Context::default(), Some(80));
        let rows = table.lines().take_while(|line| !line.is_empty());
        assert!(rows.into_iter().all(|line| line.chars().count() <= 80), "{table}");
        insta::assert_snapshot!(table);
    }

    #[test]
    fn very_narrow_terminals_get_blocks() {
        insta::assert_snapshot!(summary_table_within(&mixed()[..2], &Context::default(), Some(40)));
    }

    #[test]
    fn the_list_has_times() {
        insta::assert_snapshot!(list_table(&mixed()[..2], None));
    }
}
