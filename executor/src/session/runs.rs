//! All runs of one command: each has a key, begins and ends in the journal, and is driven in between.

use std::time::Duration;

use run_records::results_file::{ResultsFile, RunId};
use run_watch::Watchers;
use runner_drive::{Call, Drive, DriveError, Driven, Guard, Journal, RunBegins, RunEvent, Script};
use s3_clients::catalog::Launch;
use system_measure::machine::this_machine;
use tokio_util::sync::CancellationToken;
use workload_library::LoadedWorkload;
use workload_schema::event::{Tuned, Verified};
use workload_schema::record::{Machine, Outcome};
use workload_schema::{RunKey, SessionId};

use super::compiled_file::CompiledFile;
use super::conditions::conditions_of;
use super::environment::variables;
use super::journal::SessionJournal;
use super::results_journal::ResultsJournal;
use crate::settings::Settings;
use crate::store::{EmbeddedServer, Store};

/// What all runs of one command have in common.
pub struct SessionSetup<'a> {
    /// Settings.
    pub settings: &'a Settings,
    /// The store to work on.
    pub store: &'a Store,
    /// Values to use instead of what the makers of clients recommend.
    pub tuned: Tuned,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
    /// Whether each task is recorded.
    pub record_tasks: bool,
    /// Where runs are stored.
    pub results: ResultsFile,
    /// The watchers that are told of the runs.
    pub watchers: Watchers,
    /// Ends the runners when this process is gone.
    pub guard: Guard,
    /// Cancelled when the user stops the command.
    pub cancelled: CancellationToken,
}

/// The runs of one command.
pub struct Session<'a> {
    settings: &'a Settings,
    store: &'a Store,
    tuned: Tuned,
    timeout: Duration,
    record_tasks: bool,
    journal: SessionJournal,
    guard: Guard,
    cancelled: CancellationToken,
    machine: Machine,
    id: SessionId,
    /// Runs so far.
    runs: u32,
}

impl<'a> Session<'a> {
    /// A session without runs.
    pub fn new(setup: SessionSetup<'a>) -> Self {
        let machine = this_machine();
        Self {
            settings: setup.settings,
            store: setup.store,
            tuned: setup.tuned,
            timeout: setup.timeout,
            record_tasks: setup.record_tasks,
            journal: SessionJournal { results: ResultsJournal::new(setup.results), watchers: setup.watchers },
            guard: setup.guard,
            cancelled: setup.cancelled,
            id: session_id(&machine),
            machine,
            runs: 0,
        }
    }

    /// The id that all runs share.
    pub fn id(&self) -> &SessionId {
        &self.id
    }

    /// The settings.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// The store that is worked on.
    pub fn store(&self) -> &'a Store {
        self.store
    }

    /// Where runs are stored.
    pub fn results(&mut self) -> &mut ResultsFile {
        self.journal.results.results()
    }

    /// The number that a run in progress has in the results file.
    pub fn id_of(&self, run: &RunKey) -> Option<RunId> {
        self.journal.results.id(run)
    }

    /// The file of `loaded` that runners are given.
    pub fn compiled_file(&self, loaded: &LoadedWorkload) -> std::io::Result<CompiledFile> {
        CompiledFile::of(loaded, &self.settings.state_dir)
    }

    /// Begins a run.
    pub fn begin(&mut self, loaded: &LoadedWorkload, file: &CompiledFile, client: &str) -> Result<RunKey, DriveError> {
        self.runs += 1;
        let run = self.id.run(self.runs);
        let begins = RunBegins {
            name: &loaded.name,
            digest: &file.digest,
            scale: loaded.scale,
            workload: &loaded.workload,
            client,
            bucket: self.store.bucket.as_str(),
            conditions: &conditions_of(self.settings, self.store, self.tuned, loaded),
            machine: &self.machine,
        };
        self.journal.note(&run, &RunEvent::RunBegins(begins))?;
        Ok(run)
    }

    /// Records that contents of a run were compared.
    pub fn verified(&mut self, run: &RunKey, verified: &Verified) -> Result<(), DriveError> {
        Ok(self.journal.note(run, &RunEvent::Verified(verified))?)
    }

    /// Ends a run.
    pub fn end(&mut self, run: &RunKey, outcome: Outcome, reason: Option<&str>) -> Result<(), DriveError> {
        Ok(self.journal.note(run, &RunEvent::RunEnds { outcome, reason })?)
    }

    /// Drives the runner of `launch` through `script` to its end.
    pub async fn drive(
        &mut self,
        run: &RunKey,
        loaded: &LoadedWorkload,
        file: &CompiledFile,
        launch: &Launch,
        script: &mut impl Script,
    ) -> Result<Driven, DriveError> {
        let call = self.call(run, loaded, file, launch);
        runner_drive::drive(&call, script, &mut self.journal, &mut self.guard, &self.cancelled).await
    }

    /// Starts the runner of `launch` for a client that takes turns.
    pub fn start<'w>(
        &mut self,
        run: &RunKey,
        loaded: &'w LoadedWorkload,
        file: &'w CompiledFile,
        launch: &'w Launch,
    ) -> Result<Drive<'w>, DriveError>
    where
        'a: 'w,
    {
        let call = self.call(run, loaded, file, launch);
        Drive::start(&call, &mut self.guard)
    }

    /// What it takes to drive runners: the journal, the guard and the cancellation.
    pub fn controls(&mut self) -> (&mut dyn Journal, &mut Guard, &CancellationToken) {
        (&mut self.journal, &mut self.guard, &self.cancelled)
    }

    /// Lets the watchers do what takes time, while no client is measured.
    pub async fn between_runs(&mut self) {
        self.journal.watchers.between_runs().await;
    }

    /// Ends the session, after all runs, and returns the results file.
    pub async fn finish(self) -> ResultsFile {
        self.journal.watchers.finish(&self.cancelled).await;
        self.journal.results.into_results()
    }

    fn call<'c>(&self, run: &RunKey, loaded: &'c LoadedWorkload, file: &'c CompiledFile, launch: &'c Launch) -> Call<'c>
    where
        'a: 'c,
    {
        let connection = &self.store.connection;
        Call {
            run: run.clone(),
            program: &launch.program,
            arguments: &launch.arguments,
            variables: variables(launch, connection),
            workload: &loaded.workload,
            workload_file: &file.path,
            bucket: self.store.bucket.as_str(),
            region: &connection.region,
            target_gbps: self.settings.target_throughput.value.get(),
            files_dir: &self.settings.files_dir.value,
            endpoint_url: connection.endpoint_url.as_deref(),
            tuned: self.tuned,
            record_tasks: self.record_tasks,
            server: self.store.embedded.as_ref().and_then(EmbeddedServer::process),
            timeout: self.timeout,
        }
    }
}

/// The id of one command's runs. The time is for people; the process id separates commands of the same moment.
fn session_id(machine: &Machine) -> SessionId {
    let host: String = machine.host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(64).collect();
    let id = format!("{}-{host}-{}", jiff::Timestamp::now(), std::process::id());
    SessionId::new(id).expect("a time, plain letters and a number")
}
