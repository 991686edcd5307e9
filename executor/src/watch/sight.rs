//! What those who look on are told while runs go on. It is all they get: a watcher asks nothing back, so that a slow or
//! broken one cannot hold up a run or change what is measured.

use workload_schema::event::{Hello, Progress, TaskEvent};
use workload_schema::record::{Machine, Outcome, RepeatRecord};
use workload_schema::{Workload, WorkloadName};

use run_records::results_file::RunId;

/// A run that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct RunBegins<'a> {
    /// Name of the workload.
    pub name: &'a WorkloadName,
    /// The workload itself: its tasks, sizes and limits.
    pub workload: &'a Workload,
    /// Client id.
    pub client: &'a str,
    /// Bucket that it works on.
    pub bucket: &'a str,
    /// Where it runs.
    pub machine: &'a Machine,
}

/// What is told to those who look on while runs go on.
#[derive(Debug, Clone, Copy)]
pub enum Sight<'a> {
    /// First of each run.
    RunBegins(RunBegins<'a>),
    /// What the client says of itself; plain runners say nothing.
    Hello(&'a Hello),
    /// The client was told to begin this repeat, counted from 1; of a plain runner, it is taken to have begun.
    RepeatBegins(u64),
    /// How far the present repeat is.
    Progress(&'a Progress),
    /// One task of the repeat that has just ended: all come before their [`Sight::Repeat`], in any order.
    Task(&'a TaskEvent),
    /// A repeat that has ended and is stored.
    Repeat(&'a RepeatRecord),
    /// Last of each run, after all checks.
    RunEnds {
        /// How it ended.
        outcome: Outcome,
        /// Why, where it is not a success.
        reason: Option<&'a str>,
    },
}

/// Somebody who looks on. Several runs may be open at once, where clients take turns.
pub trait Watch: Send {
    /// Takes note. Called between requests for news from the client: it must return at once.
    fn see(&mut self, run: RunId, sight: &Sight<'_>);
}
