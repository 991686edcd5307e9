//! Tasks as lines from start to end: all of a small repeat, evenly chosen ones of a large one.

use serde::Serialize;
use workload_schema::record::RunRecord;

use super::in_flight::{Span, in_flight};
use crate::results_file::{ResultsFile, ResultsFileError, RunId};

/// Pieces of the time for which the number in flight is given.
const PIECES: usize = 400;

/// The tasks of one repeat, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskLines {
    /// Tasks of the repeat, drawn or not.
    pub(super) tasks: usize,
    /// End of the last task, or of the repeat, in nanoseconds since its start.
    pub(super) end_ns: u64,
    /// What all keys begin with.
    pub(super) key_prefix: String,
    /// What follows it, for each drawn task.
    pub(super) keys: Vec<String>,
    /// Its place in the order of starts, from 0.
    pub(super) places: Vec<usize>,
    /// Its start, in nanoseconds since the start of the repeat.
    pub(super) starts_ns: Vec<u64>,
    /// Its duration in nanoseconds.
    pub(super) durations_ns: Vec<u64>,
    /// Bytes that it moved.
    pub(super) bytes: Vec<u64>,
    /// Mean number of tasks in flight in each of equal pieces of the time: of all tasks.
    pub(super) in_flight: Vec<f64>,
}

impl TaskLines {
    /// At most `most` tasks of a repeat that took `seconds`; `None` where its tasks were not recorded.
    pub(super) fn read(
        results: &ResultsFile,
        run: &RunRecord,
        repeat: u64,
        seconds: f64,
        most: usize,
    ) -> Result<Option<Self>, ResultsFileError> {
        let Ok(id) = RunId::new(run.run) else { return Ok(None) };
        // Keys are left out at first: of a million tasks they would be most of the memory.
        let mut spans = Vec::<(Span, u64)>::new();
        results.each_task(id, repeat, |task| {
            spans.push((Span { start_ns: task.start_ns, end_ns: task.end_ns }, task.task));
        })?;
        if spans.is_empty() {
            return Ok(None);
        }
        spans.sort_unstable_by_key(|(span, task)| (span.start_ns, *task));
        let repeat_ns = std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default().as_nanos();
        let last_ns = spans.iter().map(|(span, _)| span.end_ns).max().unwrap_or_default();
        let end_ns = last_ns.max(u64::try_from(repeat_ns).unwrap_or(u64::MAX));
        let mut lines = Self {
            tasks: spans.len(),
            end_ns,
            key_prefix: String::new(),
            keys: Vec::new(),
            places: evenly(spans.len(), most),
            starts_ns: Vec::new(),
            durations_ns: Vec::new(),
            bytes: Vec::new(),
            in_flight: in_flight(spans.iter().map(|(span, _)| *span), end_ns, PIECES),
        };
        let chosen = lines.places.iter().map(|place| spans[*place]).collect::<Vec<_>>();
        lines.add(results, id, repeat, &chosen)?;
        Ok(Some(lines))
    }

    fn add(
        &mut self,
        results: &ResultsFile,
        run: RunId,
        repeat: u64,
        chosen: &[(Span, u64)],
    ) -> Result<(), ResultsFileError> {
        let line_of: std::collections::HashMap<u64, usize> =
            chosen.iter().enumerate().map(|(line, (_, task))| (*task, line)).collect();
        let mut keys = vec![String::new(); chosen.len()];
        self.bytes = vec![0; chosen.len()];
        results.each_task(run, repeat, |task| {
            if let Some(&line) = line_of.get(&task.task) {
                keys[line] = task.key.to_string();
                self.bytes[line] = task.bytes;
            }
        })?;
        common_prefix(&keys).clone_into(&mut self.key_prefix);
        self.keys = keys.iter().map(|key| key[self.key_prefix.len()..].to_owned()).collect();
        self.starts_ns = chosen.iter().map(|(span, _)| span.start_ns).collect();
        self.durations_ns = chosen.iter().map(|(span, _)| span.end_ns.saturating_sub(span.start_ns)).collect();
        Ok(())
    }
}

/// At most `most` of the numbers below `count`, at even distances, the first and the last among them.
fn evenly(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    (0..most).map(|index| index * (count - 1) / (most - 1).max(1)).collect()
}

fn common_prefix(keys: &[String]) -> &str {
    let Some((first, rest)) = keys.split_first() else { return "" };
    let mut end = first.len();
    for key in rest {
        end = first[..end].bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
        // Both are whole texts: where they part, a character may have begun that they share the first byte of.
        end = (0..=end).rev().find(|end| first.is_char_boundary(*end)).unwrap_or(0);
    }
    &first[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_tasks_are_spread_evenly() {
        assert_eq!(evenly(3, 5), [0, 1, 2]);
        assert_eq!(evenly(10, 4), [0, 3, 6, 9]);
        assert_eq!(evenly(1_000_000, 2000).len(), 2000);
        assert_eq!(evenly(0, 4), Vec::<usize>::new());
        assert_eq!(evenly(9, 1), [0]);
    }

    #[test]
    fn keys_share_what_they_begin_with() {
        let prefix =
            |keys: &[&str]| common_prefix(&keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()).to_owned();
        assert_eq!(prefix(&["download/a/01", "download/a/02"]), "download/a/0");
        assert_eq!(prefix(&["aé", "aè"]), "a");
        assert_eq!(prefix(&["same", "same"]), "same");
        assert_eq!(prefix(&["x", ""]), "");
        assert_eq!(prefix(&[]), "");
    }
}
