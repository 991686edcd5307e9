//! The raw data inside the page: runs with every repeat as JSON and CSV, tasks as CSV up to a limit.

use serde::Serialize;
use workload_schema::record::{RunRecord, TaskRecord};

use super::comparison::thousands;
use crate::export::csv_text;
use crate::export::{write_csv, write_records};
use crate::figures::Works;
use crate::results_file::{ResultsFile, ResultsFileError, RunId};

/// Tasks inside a page at most: some 5 MB.
const MOST_TASKS: usize = 50_000;

const TASK_COLUMNS: [&str; 12] = [
    "run",
    "repeat",
    "task",
    "action",
    "key",
    "size_bytes",
    "start_ns",
    "end_ns",
    "first_byte_ns",
    "bytes",
    "requests",
    "error",
];

/// Files to save, as the script finds them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawData {
    json: String,
    repeats_csv: String,
    tasks_csv: String,
    /// What of the tasks is inside, in words.
    #[serde(skip)]
    pub(super) note: String,
}

impl RawData {
    /// Of `runs`; the tasks of the repeats that are drawn, `drawn` for each run, go before those of the others.
    pub(super) fn read(
        results: &ResultsFile,
        runs: &[RunRecord],
        drawn: &[(i64, u64)],
    ) -> Result<Self, ResultsFileError> {
        Self::read_within(results, runs, drawn, MOST_TASKS)
    }

    fn read_within(
        results: &ResultsFile,
        runs: &[RunRecord],
        drawn: &[(i64, u64)],
        most: usize,
    ) -> Result<Self, ResultsFileError> {
        let tasks = Tasks::read(results, runs, drawn, most)?;
        let works = Works::of(runs, results)?;
        let text = |write: &dyn Fn(&mut dyn std::io::Write) -> std::io::Result<()>| {
            let mut bytes = Vec::new();
            write(&mut bytes).expect("memory takes all");
            String::from_utf8(bytes).expect("JSON and CSV are text")
        };
        Ok(Self {
            json: text(&|out| write_records(runs, out)),
            repeats_csv: text(&|out| write_csv(runs, &works, out)),
            note: tasks.note(runs),
            tasks_csv: tasks.csv(),
        })
    }
}

/// The tasks that are inside, repeat by repeat.
struct Tasks {
    inside: Vec<(i64, u64, Vec<TaskRecord>)>,
    all: usize,
    recorded_repeats: usize,
}

impl Tasks {
    fn read(
        results: &ResultsFile,
        runs: &[RunRecord],
        drawn: &[(i64, u64)],
        most: usize,
    ) -> Result<Self, ResultsFileError> {
        let mut repeats: Vec<(i64, u64)> =
            runs.iter().flat_map(|run| run.repeats.iter().map(|repeat| (run.run, repeat.repeat))).collect();
        repeats.sort_by_key(|repeat| !drawn.contains(repeat));
        let mut tasks = Self { inside: Vec::new(), all: 0, recorded_repeats: 0 };
        let mut room = most;
        for (run, repeat) in repeats {
            let Ok(id) = RunId::new(run) else { continue };
            let (mut records, mut count) = (Vec::new(), 0);
            results.each_task(id, repeat, |task| {
                count += 1;
                if count <= room {
                    records.push(task);
                }
            })?;
            tasks.all += count;
            tasks.recorded_repeats += usize::from(count > 0);
            // A part of a repeat would be taken for the whole of it.
            if count > 0 && count <= room {
                room -= count;
                records.sort_by_key(|task| (task.start_ns, task.task));
                tasks.inside.push((run, repeat, records));
            }
        }
        tasks.inside.sort_by_key(|(run, repeat, _)| (*run, *repeat));
        Ok(tasks)
    }

    fn csv(&self) -> String {
        let rows =
            self.inside.iter().flat_map(|(run, repeat, tasks)| tasks.iter().map(|task| row(*run, *repeat, task)));
        csv_text(&TASK_COLUMNS, rows)
    }

    fn note(&self, runs: &[RunRecord]) -> String {
        if self.all == 0 {
            return "No tasks were recorded.".to_owned();
        }
        let inside: usize = self.inside.iter().map(|(_, _, tasks)| tasks.len()).sum();
        if inside == self.all {
            let plural = if inside == 1 { "task" } else { "tasks" };
            return format!("All {} recorded {plural} are inside.", thousands(inside as u64));
        }
        let numbers: Vec<String> = runs.iter().map(|run| run.run.to_string()).collect();
        format!(
            "The tasks of {} of {} repeats are inside ({} of {} tasks), those of the drawn repeats first. For all of them: \
             wlx results export --level task --format csv {}",
            self.inside.len(),
            self.recorded_repeats,
            thousands(inside as u64),
            thousands(self.all as u64),
            numbers.join(" ")
        )
    }
}

fn known(count: Option<u64>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

fn row(run: i64, repeat: u64, task: &TaskRecord) -> Vec<String> {
    vec![
        run.to_string(),
        repeat.to_string(),
        task.task.to_string(),
        task.operation.as_str().to_owned(),
        task.key.to_string(),
        task.size_bytes.to_string(),
        task.start_ns.to_string(),
        task.end_ns.to_string(),
        known(task.first_byte_ns),
        task.bytes.to_string(),
        known(task.requests),
        task.error.map(|error| error.as_str().to_owned()).unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::recorded_results;

    #[test]
    fn whole_repeats_are_inside_up_to_the_limit() {
        let (_folder, results, runs) = recorded_results();
        let inside = |most| {
            let raw = RawData::read_within(&results, &runs, &[(1, 3)], most).unwrap();
            let mut repeats: Vec<(String, usize)> = Vec::new();
            for line in raw.tasks_csv.lines().skip(1) {
                let repeat = line.split(',').take(2).collect::<Vec<_>>().join("/");
                match repeats.last_mut() {
                    Some((last, count)) if *last == repeat => *count += 1,
                    _ => repeats.push((repeat, 1)),
                }
            }
            (repeats, raw.note)
        };
        let (all, note) = inside(1_000_000);
        assert!(all.len() > 10 && all.iter().all(|(_, tasks)| *tasks == 200), "{all:?}");
        assert!(note.starts_with("All ") && note.ends_with(" recorded tasks are inside."), "{note}");
        let (some, note) = inside(399);
        assert_eq!(some, [("1/3".to_owned(), 200)], "the drawn repeat goes first, and no half follows it");
        assert!(note.contains("The tasks of 1 of ") && note.contains("--level task --format csv 1 2"), "{note}");
        assert_eq!(inside(10).0, []);
    }
}
