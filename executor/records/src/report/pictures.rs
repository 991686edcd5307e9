//! The three pictures of a run: every task from start to end, the rates of single tasks, throughput over time.

use serde::Serialize;
use workload_schema::record::{RepeatRecord, RunRecord};

use super::comparison::{Cell, Member, thousands};
use super::rates::{Distribution, Rates};
use super::task_lines::TaskLines;
use super::throughput::Throughput;
use crate::analysis;
use crate::figures::{Basis, counted_repeats, cpu_seconds_per_gib, throughput};
use crate::results_file::{ResultsFile, ResultsFileError, RunId};
use crate::tables::state;
use crate::tables::{Context, remarks_of};
use crate::tables::{figure, mebibytes_or_dash};

/// Titles of the columns of [`RunSection::repeats`].
pub(super) const REPEAT_NUMBERS: [&str; 9] = [
    "seconds",
    "Gb/s",
    "requests",
    "retries",
    "back-off s",
    "CPU user s",
    "CPU system s",
    "CPU s/GiB",
    "memory peak MiB",
];

/// A run on the page.
#[derive(Debug, Serialize)]
pub(super) struct RunSection {
    pub(super) run: i64,
    label: String,
    colour: usize,
    /// What has to be said of it.
    sentences: Vec<String>,
    /// What is drawn, or why nothing is.
    tasks_caption: String,
    rates_caption: String,
    throughput_caption: String,
    repeats: Vec<RepeatRow>,
    #[serde(skip)]
    pub(super) data: PictureData,
    /// The repeat that is drawn.
    #[serde(skip)]
    pub(super) drawn: Option<u64>,
}

#[derive(Debug, Serialize)]
struct RepeatRow {
    repeat: u64,
    state: &'static str,
    numbers: Vec<Cell>,
}

/// What the script draws.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PictureData {
    run: i64,
    colour: usize,
    lines: Option<TaskLines>,
    distribution: Option<Distribution>,
    throughput: Option<Throughput>,
    /// Throughput of the drawn repeat as a whole.
    mean_gbps: Option<f64>,
}

impl RunSection {
    /// Reads what there is to draw of a run, at most `most_lines` tasks as lines.
    pub(super) fn read(
        results: &ResultsFile,
        member: &Member<'_>,
        context: &Context,
        most_lines: usize,
    ) -> Result<Self, ResultsFileError> {
        let run = member.run;
        let drawn = drawn_repeat(run);
        let (lines, series) = match drawn {
            Some(repeat) => (
                TaskLines::read(results, run, repeat.repeat, repeat.seconds, most_lines)?,
                RunId::new(run.run).map_or_else(|_| Ok(Vec::new()), |id| results.series(id, repeat.repeat))?,
            ),
            None => (None, Vec::new()),
        };
        let distribution = distribution(results, run)?;
        let over_time = Throughput::of(&series);
        Ok(Self {
            run: run.run,
            label: member.label.clone(),
            colour: member.colour,
            sentences: sentences(run, context),
            tasks_caption: tasks_caption(run, drawn, lines.as_ref()),
            rates_caption: rates_caption(run, distribution.as_ref()),
            throughput_caption: throughput_caption(drawn, over_time.as_ref()),
            repeats: run.repeats.iter().map(RepeatRow::of).collect(),
            data: PictureData {
                run: run.run,
                colour: member.colour,
                lines,
                distribution,
                throughput: over_time,
                mean_gbps: drawn.map(|repeat| throughput(repeat).get()),
            },
            drawn: drawn.map(|repeat| repeat.repeat),
        })
    }
}

/// What held the run back, and all else that is to be said of it.
fn sentences(run: &RunRecord, context: &Context) -> Vec<String> {
    let held_back = analysis::held_back(run).map(|held_back| held_back.sentence());
    held_back.into_iter().chain(remarks_of(run, context)).collect()
}

/// The repeat that counts whose throughput is the median of them, the slower one of two.
pub(super) fn drawn_repeat(run: &RunRecord) -> Option<&RepeatRecord> {
    let (_, mut counted) = counted_repeats(run);
    counted.sort_by(|a, b| throughput(a).get().total_cmp(&throughput(b).get()));
    let middle = counted.len().checked_sub(1)? / 2;
    counted.get(middle).copied()
}

/// Rates of all tasks of the repeats that count.
fn distribution(results: &ResultsFile, run: &RunRecord) -> Result<Option<Distribution>, ResultsFileError> {
    let Ok(id) = RunId::new(run.run) else { return Ok(None) };
    let mut rates = Rates::new();
    for repeat in counted_repeats(run).1 {
        results.each_task(id, repeat.repeat, |task| rates.add(&task))?;
    }
    Ok(rates.distribution())
}

const NOTHING: &str = "No repeat was good: there is nothing to draw.";

fn which(repeat: &RepeatRecord) -> String {
    let state = if repeat.cold { "the cold repeat" } else { "the warm repeat of median throughput" };
    format!("Repeat {}, {state}", repeat.repeat)
}

fn tasks_caption(run: &RunRecord, drawn: Option<&RepeatRecord>, lines: Option<&TaskLines>) -> String {
    let Some(repeat) = drawn else { return NOTHING.to_owned() };
    let Some(lines) = lines else {
        return format!("{}: its tasks were not recorded.", which(repeat));
    };
    let (shown, all) = (lines.places.len() as u64, lines.tasks as u64);
    let chosen = if shown < all {
        format!("{} of {} tasks drawn, evenly chosen in the order of their starts", thousands(shown), thousands(all))
    } else {
        let plural = if all == 1 { "its one task".to_owned() } else { format!("all {} tasks", thousands(all)) };
        format!("{plural} from start to end")
    };
    let missing = run.workload_tasks.saturating_sub(all);
    let missing = if missing > 0 {
        format!(" {} tasks of the workload were not recorded.", thousands(missing))
    } else {
        String::new()
    };
    format!(
        "{}: {chosen}. Below, the mean number in flight in each 400th of the time, of all tasks.{missing}",
        which(repeat)
    )
}

fn rates_caption(run: &RunRecord, distribution: Option<&Distribution>) -> String {
    let (basis, counted) = counted_repeats(run);
    let Some(distribution) = distribution else {
        return if counted.is_empty() { NOTHING.to_owned() } else { "No task with a rate was recorded.".to_owned() };
    };
    let repeats = match (basis, counted.len()) {
        (Basis::Cold, _) => "the cold repeat".to_owned(),
        (_, 1) => "the warm repeat".to_owned(),
        (_, n) => format!("all {n} warm repeats"),
    };
    let plural = if distribution.total == 1 { "task" } else { "tasks" };
    let beyond = match distribution.beyond {
        0 => String::new(),
        n => format!(" Not drawn: {} faster ones, up to {} MB/s.", thousands(n), figure(distribution.highest_mbps)),
    };
    format!(
        "{} {plural} of {repeats}: half of them had at most {} MB/s, one in ten at most {} MB/s.{beyond}",
        thousands(distribution.total),
        figure(distribution.median_mbps),
        figure(distribution.slow_mbps)
    )
}

fn throughput_caption(drawn: Option<&RepeatRecord>, over_time: Option<&Throughput>) -> String {
    match (drawn, over_time) {
        (None, _) => NOTHING.to_owned(),
        (Some(repeat), None) => {
            format!(
                "{}: how far it was from moment to moment was not recorded, so there is nothing to draw.",
                which(repeat)
            )
        }
        (Some(repeat), Some(over_time)) => format!(
            "{}: bytes that moved in each of {} intervals, from {} readings; dashed, the whole repeat: {} Gb/s.",
            which(repeat),
            over_time.gbps.len(),
            over_time.readings,
            figure(throughput(repeat).get())
        ),
    }
}

impl RepeatRow {
    fn of(repeat: &RepeatRecord) -> Self {
        let count = |count: Option<u64>| {
            Cell::new(count.map_or_else(|| "-".to_owned(), |count| count.to_string()), count.map(|count| count as f64))
        };
        Self {
            repeat: repeat.repeat,
            state: state(repeat),
            numbers: vec![
                Cell::figure(Some(repeat.seconds)),
                // What a failed repeat moved in its time is no throughput.
                Cell::figure(repeat.is_good().then(|| throughput(repeat).get())),
                count(repeat.requests),
                count(repeat.retries),
                Cell::figure(repeat.backoff_seconds),
                Cell::figure(repeat.cpu_user_seconds),
                Cell::figure(repeat.cpu_system_seconds),
                Cell::figure(cpu_seconds_per_gib(repeat)),
                Cell::new(
                    mebibytes_or_dash(repeat.peak_memory_bytes),
                    repeat.peak_memory_bytes.map(|bytes| bytes as f64),
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{failed, repeat, run};

    #[test]
    fn the_median_warm_repeat_is_drawn() {
        let drawn =
            |repeats: Vec<RepeatRecord>| drawn_repeat(&RunRecord { repeats, ..run(1) }).map(|repeat| repeat.repeat);
        assert_eq!(
            drawn(vec![repeat(1, 1.0), repeat(2, 3.0), repeat(3, 1.5), repeat(4, 2.0), failed(5, 1.9)]),
            Some(4)
        );
        assert_eq!(drawn(vec![repeat(1, 1.0), repeat(2, 3.0), repeat(3, 2.0)]), Some(2), "the slower one of two");
        assert_eq!(drawn(vec![repeat(1, 1.0), failed(2, 1.0)]), Some(1));
        assert_eq!(drawn(vec![failed(1, 1.0)]), None);
    }
}
