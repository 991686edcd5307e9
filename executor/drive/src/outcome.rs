//! What the driving of a runner comes to: the one table from the last step to an outcome and its reason.

use std::process::ExitStatus;
use std::time::Duration;

use workload_schema::event::Hello;
use workload_schema::record::Outcome;

use super::child::{Ended, Runner};

/// Why a runner is followed no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Its process has ended by itself.
    Ended(ExitStatus),
    /// The user wants to stop.
    Cancelled,
    /// No repeat ended in time.
    TimedOut,
    /// It cannot do what is asked of it; why.
    Unfit(&'static str),
}

/// How the driving of a runner ended.
#[derive(Debug, Clone)]
pub struct Driven {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, where it is not a success.
    pub reason: Option<String>,
    /// What the client said of itself; none of a plain runner, or where it did not start.
    pub hello: Option<Hello>,
}

impl Driven {
    /// An end without a start.
    pub fn before_start(outcome: Outcome, reason: String) -> Self {
        Self { outcome, reason: Some(reason), hello: None }
    }
}

/// What was noticed of a runner besides how it ended.
#[derive(Debug)]
pub struct Noticed<'a> {
    /// Repeats that ended, good or not.
    pub repeats: u64,
    /// What fails the run whatever the runner says: wrong contents, figures that cannot be true.
    pub refused: Option<&'a str>,
    /// The first error that it reported of a repeat.
    pub failed: Option<&'a str>,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
}

/// The outcome and, where it is not a success, the reason.
pub fn outcome_of(over: Over, runner: &Runner, noticed: &Noticed<'_>) -> (Outcome, Option<String>) {
    let words = || runner.last_words().map(|words| format!("; its last words: {words}")).unwrap_or_default();
    let failed = |reason: String| (Outcome::Failed, Some(reason));
    let status = match (over, noticed.refused) {
        (Over::Cancelled, _) => return (Outcome::Interrupted, Some("by Ctrl-C or SIGTERM".to_owned())),
        (Over::TimedOut, _) => {
            let seconds = noticed.timeout.as_secs_f64();
            return failed(format!("no repeat ended within {seconds} s (--timeout){}", words()));
        }
        (Over::Unfit(reason), _) | (Over::Ended(_), Some(reason)) => return failed(reason.to_owned()),
        (Over::Ended(status), None) => status,
    };
    match (runner.ended(status), noticed.failed) {
        (Ended::Skipped(reason), _) => (Outcome::Skipped, Some(reason)),
        (Ended::Failed(reason), _) => failed(reason),
        (Ended::Done, Some(error)) => failed(error.to_owned()),
        (Ended::Done, None) if noticed.repeats == 0 => {
            failed(format!("the runner ended well, but without a single repeat{}", words()))
        }
        (Ended::Done, None) => (Outcome::Succeeded, None),
    }
}
