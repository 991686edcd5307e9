//! What is told of runs while they go on, and who listens: the results file, the views, the metrics.
//!
//! A journal is only told. It answers nothing that could change what is measured; one that cannot keep what it must
//! keep ends the run by its error.

use workload_schema::event::{Hello, Progress, TaskEvent, Verified};
use workload_schema::record::{Machine, Outcome, RepeatRecord, RunConditions};
use workload_schema::{Scale, Workload, WorkloadDigest, WorkloadName};

use workload_schema::RunKey;

/// Why a journal cannot keep what it is told.
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// A run that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct RunBegins<'a> {
    /// Name of the workload.
    pub name: &'a WorkloadName,
    /// Digest of the workload as it is run.
    pub digest: &'a WorkloadDigest,
    /// How far every size was shrunk.
    pub scale: Scale,
    /// The workload itself: its tasks, sizes and limits.
    pub workload: &'a Workload,
    /// Client id.
    pub client: &'a str,
    /// Bucket that it works on.
    pub bucket: &'a str,
    /// Its conditions: store, bucket, region, target throughput and the like. No secrets.
    pub conditions: &'a RunConditions,
    /// Where it runs.
    pub machine: &'a Machine,
}

/// One event of a run. Each is told once.
#[derive(Debug, Clone, Copy)]
pub enum RunEvent<'a> {
    /// First of each run.
    RunBegins(RunBegins<'a>),
    /// What the client says of itself; plain runners say nothing.
    Hello(&'a Hello),
    /// The client was told to begin this repeat, counted from 1; of a plain runner, it is taken to have begun.
    RepeatBegins(u64),
    /// How far the present repeat is.
    Progress(&'a Progress),
    /// One task of the repeat that has just ended: all come before their [`RunEvent::Repeat`], in any order.
    Task(&'a TaskEvent),
    /// A repeat that has ended.
    Repeat(&'a RepeatRecord),
    /// What was compared off the clock. There may be several of a run, each about other contents.
    Verified(&'a Verified),
    /// Last of each run, after all checks.
    RunEnds {
        /// How it ended.
        outcome: Outcome,
        /// Why, where it is not a success.
        reason: Option<&'a str>,
    },
}

/// Is told the events of runs. Several runs may be open at once, where clients take turns.
pub trait Journal: Send {
    /// Takes note of an event. Called while more events wait to be read: it must return at once.
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError>;
}

/// A journal that keeps nothing: for questions whose answer is the outcome alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

impl Journal for Discard {
    fn note(&mut self, _: &RunKey, _: &RunEvent<'_>) -> Result<(), JournalError> {
        Ok(())
    }
}
