//! What has to be said beside the figures of a run: marks in the table, sentences below it.

use std::collections::BTreeMap;

use workload_schema::ByteSize;
use workload_schema::event::BufferResidency;
use workload_schema::record::{Outcome, RunRecord};
use workload_schema::{ErrorCount, ErrorKind};

use super::cell::plain;
use super::context::Context;
use crate::analysis;
use crate::figures::{Basis, ENOUGH_WARM, Summary};
use wlx_terminal::wrap;
use workload_schema::NULL_CLIENT;

/// Causes that are spelled out for a run; the rest is counted.
const CAUSES_SHOWN: usize = 3;

/// Short marks for the row of a run.
pub(crate) fn marks(run: &RunRecord, summary: &Summary) -> String {
    let failed = summary.repeats - summary.good;
    let mut marks = Vec::new();
    if failed > 0 {
        marks.push(format!("{failed} failed"));
    }
    match summary.basis {
        Basis::Cold => marks.push("cold".to_owned()),
        Basis::Warm if summary.warm < ENOUGH_WARM => marks.push(format!("n < {ENOUGH_WARM}")),
        Basis::Warm | Basis::Nothing => {}
    }
    if run.client == NULL_CLIENT {
        marks.push("floor".to_owned());
    }
    if run.scale != "1" {
        marks.push("scaled".to_owned());
    }
    if summary.good > 0 {
        // What is true of every run on a machine is said below, once.
        let warnings = analysis::warnings(run).into_iter().filter(|warning| warning.mark != "one machine");
        marks.extend(warnings.map(|warning| warning.mark.to_owned()));
    }
    if let Some(hello) = run.hello.as_ref().filter(|_| summary.good > 0) {
        if hello.process_start_timed {
            marks.push("process".to_owned());
        }
        if hello.buffer_residency == Some(BufferResidency::WholeObject) {
            marks.push("whole".to_owned());
        }
    }
    marks.join(", ")
}

/// Sentences about `runs`, each once with the runs that it is about.
pub(super) fn remarks(runs: &[RunRecord], context: &Context, width: Option<usize>) -> String {
    let mut remarks = Vec::<String>::new();
    let mut about = BTreeMap::<usize, Vec<i64>>::new();
    for run in runs {
        for remark in remarks_of(run, context) {
            let index = remarks.iter().position(|known| *known == remark).unwrap_or_else(|| {
                remarks.push(remark);
                remarks.len() - 1
            });
            about.entry(index).or_default().push(run.run);
        }
    }
    let line = |(remark, runs): (&String, Vec<i64>)| {
        let plural = if runs.len() == 1 { "" } else { "s" };
        wrap(&format!("run{plural} {}: {remark}", ranges(runs)), width)
    };
    remarks.iter().zip(about.into_values()).map(line).collect()
}

/// `1-3, 5` from 1, 2, 3, 5.
pub(crate) fn ranges(mut numbers: Vec<i64>) -> String {
    numbers.sort_unstable();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let text = |(first, last): (i64, i64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}-{last}"),
    };
    ranges.into_iter().map(text).collect::<Vec<_>>().join(", ")
}

/// What has to be said of `run`, a sentence each.
pub(crate) fn remarks_of(run: &RunRecord, context: &Context) -> Vec<String> {
    let summary = Summary::of(run);
    let mut remarks = Vec::new();
    if run.outcome != Outcome::Succeeded {
        let reason = run.reason.as_deref().map(|reason| format!(": {}", plain(reason)));
        remarks.push(format!("{}{}", run.outcome.as_str(), reason.unwrap_or_default()));
    }
    remarks.extend(failures(run));
    match summary.basis {
        Basis::Cold => remarks.push("only the cold first repeat: not to be compared with warm ones".to_owned()),
        Basis::Warm if summary.warm < ENOUGH_WARM => {
            let advice = match run.outcome {
                Outcome::Succeeded => ": raise maxRepeatCount or maxRepeatSecs",
                _ => "",
            };
            remarks.push(format!("fewer than {ENOUGH_WARM} warm repeats{advice}"));
        }
        Basis::Warm | Basis::Nothing => {}
    }
    if run.client == NULL_CLIENT {
        remarks.push("null moves nothing: this is the floor of the harness, not a throughput".to_owned());
    }
    if run.scale != "1" {
        remarks.push(format!("every size was scaled by {}: not the workload that its name says", run.scale));
    }
    if summary.good > 0 {
        remarks.extend(conditions(run));
        remarks.extend(analysis::warnings(run).into_iter().map(|warning| warning.sentence));
        remarks.extend(context.sentences(run));
    }
    remarks.extend(run.verified.as_ref().filter(|verified| verified.errors.is_empty() && verified.tasks > 0).map(
        |verified| {
            format!("contents compared off the clock, all as they must be: {} of objects", ByteSize(verified.bytes))
        },
    ));
    remarks
}

/// What makes a run unlike the others, though it went well.
fn conditions(run: &RunRecord) -> Vec<String> {
    let Some(hello) = &run.hello else {
        return vec!["a foreign runner: its repeats are timed by itself, its requests are not known".to_owned()];
    };
    let mut conditions = Vec::new();
    if hello.process_start_timed {
        conditions.push("process: a command line, whose time includes the start of its process".to_owned());
    }
    if hello.buffer_residency == Some(BufferResidency::WholeObject) {
        conditions.push("whole: it holds whole objects in memory, as its API asks for that".to_owned());
    }
    let tuned = run.conditions.tuned.unwrap_or_default();
    let asked = [
        ("part size", tuned.part_size_bytes, hello.part_size_bytes),
        ("connections", tuned.connections, hello.connections),
        ("files in flight", tuned.files_in_flight.map(|files| files.min(run.workload_tasks)), hello.tasks_in_flight),
    ];
    for (name, wanted, is) in asked {
        match (wanted, is) {
            (Some(wanted), Some(is)) if wanted != is => {
                conditions.push(format!("tuned otherwise: {name} {is} where {wanted} is asked for"));
            }
            (Some(_), None) => conditions.push(format!("not tuned: it does not say its {name}")),
            _ => {}
        }
    }
    conditions
}

/// The causes of failed repeats, the most frequent first, and what to do about the first of them.
fn failures(run: &RunRecord) -> Vec<String> {
    let failed: Vec<String> =
        run.repeats.iter().filter(|repeat| !repeat.is_good()).map(|repeat| repeat.repeat.to_string()).collect();
    let causes = causes(run);
    let Some(first) = causes.first() else {
        return Vec::new();
    };
    let plural = if failed.len() == 1 { "" } else { "s" };
    let mut lines = vec![format!("repeat{plural} {} failed and in no figure", failed.join(", "))];
    lines.extend(causes.iter().take(CAUSES_SHOWN).map(cause));
    if causes.len() > CAUSES_SHOWN {
        lines.push(format!("{} more causes: wlx results show {}", causes.len() - CAUSES_SHOWN, run.run));
    }
    lines.extend(first.kind.hint().map(|hint| format!("hint: {hint}")));
    lines
}

/// Failed tasks of all repeats by cause, with the message of the first of each.
fn causes(run: &RunRecord) -> Vec<ErrorCount> {
    let mut causes = Vec::<ErrorCount>::new();
    for error in run.repeats.iter().flat_map(|repeat| &repeat.errors) {
        let key = |error: &ErrorCount| -> (ErrorKind, Option<u16>, Option<String>) {
            (error.kind, error.http_status, error.s3_code.clone())
        };
        match causes.iter_mut().find(|known| key(known) == key(error)) {
            Some(known) => known.count += error.count,
            None => causes.push(error.clone()),
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

/// `12 x throttled (503 SlowDown): message`.
pub(super) fn cause(error: &ErrorCount) -> String {
    let answer: Vec<String> =
        [error.http_status.map(|status| status.to_string()), error.s3_code.clone()].into_iter().flatten().collect();
    let answer = if answer.is_empty() { String::new() } else { format!(" ({})", plain(&answer.join(" "))) };
    format!("{} x {}{answer}: {}", error.count, error.kind.as_str(), plain(&error.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_runs_are_named_shortly() {
        assert_eq!(ranges(vec![1, 2, 3, 5, 7, 8, 12, 11, 10]), "1-3, 5, 7, 8, 10-12");
    }
}
