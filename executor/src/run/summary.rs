//! What the runs of one command come to, when all of them have ended.

use workload_schema::record::{Outcome, RunRecord};

use crate::ending::{Ended, Ending};
use wlx_terminal as terminal;

/// The ending that the outcomes come to, with the reason of each run that failed and what to do about it.
pub fn ended(runs: &[RunRecord]) -> Ended {
    let failed = runs.iter().filter(|run| run.outcome == Outcome::Failed);
    let problem = |run: &RunRecord| format!("{} by {}{}: {}", run.workload, run.client, place(run), reason(run));
    Ended { ending: ending(runs), problems: failed.map(problem).collect(), hints: hints(runs) }
}

fn ending(runs: &[RunRecord]) -> Ending {
    let any = |outcome| runs.iter().any(|run| run.outcome == outcome);
    if any(Outcome::Interrupted) {
        Ending::Interrupted
    } else if any(Outcome::Failed) || any(Outcome::Unfinished) {
        Ending::Failed
    } else if !runs.is_empty() && runs.iter().all(|run| run.outcome == Outcome::Skipped) {
        Ending::Skipped
    } else {
        Ending::Done
    }
}

/// The bucket and endpoint of the run: what a person checks first when it failed.
fn place(run: &RunRecord) -> String {
    match (&run.conditions.bucket, &run.conditions.store) {
        (Some(bucket), Some(endpoint)) => format!(" on bucket {bucket} at {endpoint}"),
        _ => String::new(),
    }
}

fn reason(run: &RunRecord) -> &str {
    run.reason.as_deref().unwrap_or("no reason was given")
}

/// What to do about the errors of all repeats, each hint once.
fn hints(runs: &[RunRecord]) -> Vec<&'static str> {
    let mut hints = Vec::new();
    let errors = runs.iter().flat_map(|run| &run.repeats).flat_map(|repeat| &repeat.errors);
    for hint in errors.filter_map(|error| error.kind.hint()) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    hints
}

/// Notes each skipped run with the reason.
pub fn tell_skipped(runs: &[RunRecord]) {
    for run in runs.iter().filter(|run| run.outcome == Outcome::Skipped) {
        terminal::note(&format!("skipped: {} by {}: {}", run.workload, run.client, reason(run)));
    }
}
