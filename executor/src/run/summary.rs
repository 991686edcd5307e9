//! What is printed when all runs have ended.

use workload_schema::exit_code;
use workload_schema::record::{Outcome, RunRecord};

use wlx_terminal as terminal;

/// The exit code that the outcomes come to.
pub fn exit_code_of(runs: &[RunRecord]) -> u8 {
    let any = |outcome| runs.iter().any(|run| run.outcome == outcome);
    if any(Outcome::Interrupted) {
        exit_code::INTERRUPTED
    } else if any(Outcome::Failed) || any(Outcome::Unfinished) {
        exit_code::FAILED
    } else if !runs.is_empty() && runs.iter().all(|run| run.outcome == Outcome::Skipped) {
        exit_code::SKIPPED
    } else {
        exit_code::OK
    }
}

/// Where the run went: what a person checks first when it failed.
fn place(run: &RunRecord) -> String {
    match (&run.conditions.bucket, &run.conditions.store) {
        (Some(bucket), Some(endpoint)) => format!(" on bucket {bucket} at {endpoint}"),
        _ => String::new(),
    }
}

/// Says of each run that failed what failed and what to do about it.
pub fn tell_failures(runs: &[RunRecord]) {
    let mut hints = Vec::new();
    for run in runs {
        let reason = run.reason.as_deref().unwrap_or("no reason was given");
        match run.outcome {
            Outcome::Failed => {
                terminal::error(&format!("{} by {}{}: {reason}", run.workload, run.client, place(run)));
            }
            Outcome::Skipped => terminal::note(&format!("skipped: {} by {}: {reason}", run.workload, run.client)),
            Outcome::Succeeded | Outcome::Interrupted | Outcome::Unfinished => {}
        }
        let errors = run.repeats.iter().flat_map(|repeat| &repeat.errors);
        for hint in errors.filter_map(|error| error.kind.hint()) {
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
    }
    for hint in hints {
        terminal::hint(hint);
    }
}
