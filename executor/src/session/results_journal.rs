//! The journal that stores runs in the results file. Tasks are packed as they arrive, and stored with their repeat.

use std::collections::BTreeMap;

use run_records::results_file::{NewRun, Recording, ResultsFile, ResultsFileError, RunId};
use runner_drive::{Journal, JournalError, RunBegins, RunEvent};
use workload_schema::RunKey;
use workload_schema::event::Verified;

/// Stores runs in a results file.
#[derive(Debug)]
pub struct ResultsJournal {
    results: ResultsFile,
    open: BTreeMap<RunKey, OpenRun>,
}

/// A run in progress.
#[derive(Debug)]
struct OpenRun {
    id: RunId,
    /// Tasks of the workload.
    tasks: u64,
    recording: Recording,
    verified: Option<Verified>,
}

impl ResultsJournal {
    /// Stores runs in `results`.
    pub fn new(results: ResultsFile) -> Self {
        Self { results, open: BTreeMap::new() }
    }

    /// The results file.
    pub fn results(&mut self) -> &mut ResultsFile {
        &mut self.results
    }

    /// The results file, when all runs have ended.
    pub fn into_results(self) -> ResultsFile {
        self.results
    }

    /// The number of a run in progress.
    pub fn id(&self, run: &RunKey) -> Option<RunId> {
        self.open.get(run).map(|open| open.id)
    }

    fn begin(&mut self, run: &RunKey, begins: &RunBegins<'_>) -> Result<(), ResultsFileError> {
        // The keys are stored once per run, and records of tasks refer to them.
        self.results.keep_workload(begins.digest, begins.workload)?;
        let id = self.results.begin_run(&new_run(run, begins))?;
        let tasks = begins.workload.task_count() as u64;
        self.open.insert(run.clone(), OpenRun { id, tasks, recording: Recording::default(), verified: None });
        Ok(())
    }
}

impl Journal for ResultsJournal {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        if let RunEvent::RunBegins(begins) = event {
            return Ok(self.begin(run, begins)?);
        }
        let Some(open) = self.open.get_mut(run) else { return Ok(()) };
        match event {
            RunEvent::RunBegins(_) | RunEvent::RepeatBegins(_) => {}
            RunEvent::Hello(hello) => self.results.set_hello(open.id, hello)?,
            RunEvent::Progress(progress) => open.recording.add_progress(progress),
            RunEvent::Task(task) => {
                // A task that the workload does not have could not be read back.
                if task.task < open.tasks {
                    open.recording.add_task((*task).clone());
                }
            }
            RunEvent::Repeat(record) => {
                self.results.add_repeat(open.id, record, std::mem::take(&mut open.recording))?;
            }
            RunEvent::Verified(verified) => open.verified = Some(sum(open.verified.take(), verified)),
            RunEvent::RunEnds { outcome, reason } => {
                if let Some(verified) = &open.verified {
                    self.results.set_verified(open.id, verified)?;
                }
                self.results.end_run(open.id, *outcome, *reason)?;
                self.open.remove(run);
            }
        }
        Ok(())
    }
}

fn new_run(run: &RunKey, begins: &RunBegins<'_>) -> NewRun {
    NewRun {
        key: run.clone(),
        workload: begins.name.clone(),
        workload_digest: begins.digest.clone(),
        workload_bytes_sent: begins.workload.bytes_sent(),
        workload_bytes_received: begins.workload.bytes_received(),
        workload_tasks: begins.workload.task_count() as u64,
        scale: begins.scale,
        client: begins.client.to_owned(),
        conditions: begins.conditions.clone(),
        wlx_version: env!("CARGO_PKG_VERSION").to_owned(),
        machine: begins.machine.clone(),
    }
}

/// Everything that was compared after a run.
fn sum(before: Option<Verified>, more: &Verified) -> Verified {
    let Some(before) = before else { return more.clone() };
    Verified {
        tasks: before.tasks + more.tasks,
        bytes: before.bytes + more.bytes,
        errors: before.errors.into_iter().chain(more.errors.iter().cloned()).collect(),
    }
}
