//! One client on one workload after the other, each stored from its beginning to its end.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use workload_schema::Action;
use workload_schema::event::{Tuned, Verified};
use workload_schema::record::{Machine, Outcome, RepeatRecord};

use super::bar::title;
use super::child::Call;
use super::compiled_file::CompiledFile;
use super::event_pipe::EventPipe;
use super::following::Following;
use super::guard::Guard;
use super::selection::Chosen;
use super::session::{Session, SessionEnd};
use super::verification;
use crate::settings::Settings;
use crate::store::{EmbeddedServer, Store};
use crate::watch::{RunBegins, Sight, Watchers};
use client_runner::Cancelled;
use run_records::results_file::{NewRun, Recording, ResultsFile, ResultsFileError, RunId};
use s3_clients::catalog::Launch;
use system_measure::machine::{filesystem_of, this_machine};
use wlx_terminal as terminal;
use workload_library::LoadedWorkload;

/// What all runs of one command have in common.
pub struct RunsSetup<'a> {
    /// Settings.
    pub settings: &'a Settings,
    /// The store to work on.
    pub target: &'a Store,
    /// Values asked for instead of what makers recommend.
    pub tuned: Tuned,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
    /// Whether contents are compared.
    pub verify: bool,
    /// Whether run lines are printed.
    pub run_lines: bool,
    /// Whether each task is recorded.
    pub record_tasks: bool,
    /// Where runs are stored.
    pub store: ResultsFile,
    /// Who ends runners when this process is gone.
    pub guard: Guard,
    /// Who looks on.
    pub watchers: Watchers,
}

/// The runs of one command: a session.
pub struct Runs<'a> {
    setup: RunsSetup<'a>,
    machine: Machine,
    session: String,
}

impl<'a> Runs<'a> {
    /// None yet.
    pub fn new(setup: RunsSetup<'a>) -> Self {
        let machine = this_machine();
        Self { setup, session: session_id(&machine), machine }
    }

    /// The file of `loaded` that runners are given.
    pub fn compiled_file(&self, loaded: &LoadedWorkload) -> std::io::Result<CompiledFile> {
        CompiledFile::of(loaded, &self.setup.settings.state_dir)
    }

    /// The results, and the session that all runs belong to.
    pub async fn finish(self, cancelled: &mut Cancelled) -> (ResultsFile, String) {
        self.setup.watchers.finish(cancelled).await;
        (self.setup.store, self.session)
    }

    /// Runs one client on one workload; `refused` is a reason not to.
    pub async fn one(
        &mut self,
        loaded: &LoadedWorkload,
        file: &CompiledFile,
        client: &Chosen,
        refused: Option<&str>,
        cancelled: &mut Cancelled,
    ) -> anyhow::Result<Outcome> {
        if self.setup.run_lines {
            terminal::note(&title(&loaded.name, &client.entry.id));
        }
        let run = self.begin(loaded, file, &client.entry.id)?;
        let end = match (&client.launch, refused) {
            (Err(missing), _) => SessionEnd::before_start(Outcome::Skipped, missing.clone()),
            (_, Some(refused)) => SessionEnd::before_start(Outcome::Failed, refused.to_owned()),
            (Ok(launch), None) => {
                let end = self.drive(loaded, file, launch, run, cancelled).await?;
                self.verified(loaded, run, end).await?
            }
        };
        self.end(run, end.outcome, end.reason.as_deref())?;
        self.setup.watchers.between_runs().await;
        Ok(end.outcome)
    }

    /// A run begins.
    pub fn begin(
        &mut self,
        loaded: &LoadedWorkload,
        file: &CompiledFile,
        client: &str,
    ) -> Result<RunId, ResultsFileError> {
        // Once a run: records of tasks find their keys there, and exports which bytes went which way.
        self.setup.store.keep_workload(&file.digest, &loaded.workload.tasks)?;
        let run = self.setup.store.begin_run(&self.new_run(loaded, file, client))?;
        self.setup.watchers.see(
            run,
            &Sight::RunBegins(RunBegins {
                name: &loaded.name,
                workload: &loaded.workload,
                client,
                bucket: self.setup.target.bucket.as_str(),
                machine: &self.machine,
            }),
        );
        Ok(run)
    }

    /// A run has ended.
    pub fn end(&mut self, run: RunId, outcome: Outcome, reason: Option<&str>) -> Result<(), ResultsFileError> {
        self.setup.store.end_run(run, outcome, reason)?;
        self.setup.watchers.see(run, &Sight::RunEnds { outcome, reason });
        Ok(())
    }

    /// Starts a client that takes turns with others: who calls says when it repeats.
    pub fn follow<'w>(
        &mut self,
        loaded: &'w LoadedWorkload,
        file: &CompiledFile,
        launch: &Launch,
        run: RunId,
    ) -> std::io::Result<Following<'w>> {
        let pipe = EventPipe::new()?;
        let events = pipe.path().to_owned();
        let call = self.call(file, launch, &events);
        let timeout = self.setup.timeout;
        Following::start(&call, pipe, &loaded.workload, run, timeout, &mut self.setup.guard)
    }

    /// Stores a repeat of a client that takes turns.
    pub fn keep(&mut self, run: RunId, record: &RepeatRecord, recording: Recording) -> Result<(), ResultsFileError> {
        self.setup.store.add_repeat(run, record, recording)?;
        self.setup.watchers.see(run, &Sight::Repeat(record));
        Ok(())
    }

    /// What following a client needs beside it.
    pub fn guard_and_watchers(&mut self) -> (&mut Guard, &mut Watchers) {
        (&mut self.setup.guard, &mut self.setup.watchers)
    }

    /// Where runs are stored.
    pub fn store(&mut self) -> &mut ResultsFile {
        &mut self.setup.store
    }

    /// The session that all runs belong to.
    pub fn session(&self) -> &str {
        &self.session
    }

    fn call<'c>(&self, file: &'c CompiledFile, launch: &'c Launch, events: &'c Path) -> Call<'c>
    where
        'a: 'c,
    {
        let (settings, target) = (self.setup.settings, self.setup.target);
        Call {
            launch,
            workload: &file.path,
            bucket: target.bucket.as_str(),
            target: settings.target_throughput.value.get(),
            files_dir: &settings.files_dir.value,
            connection: &target.connection,
            events,
            tuned: self.setup.tuned,
            record_tasks: self.setup.record_tasks,
            server: target.embedded.as_ref().and_then(EmbeddedServer::process),
        }
    }

    async fn drive(
        &mut self,
        loaded: &LoadedWorkload,
        file: &CompiledFile,
        launch: &Launch,
        run: RunId,
        cancelled: &mut Cancelled,
    ) -> anyhow::Result<SessionEnd> {
        let pipe = EventPipe::new()?;
        let events = pipe.path().to_owned();
        let call = self.call(file, launch, &events);
        let mut session = Session {
            workload: &loaded.workload,
            files_dir: &self.setup.settings.files_dir.value,
            store: &mut self.setup.store,
            run,
            run_lines: self.setup.run_lines,
            verify: self.setup.verify,
            timeout: self.setup.timeout,
            watchers: &mut self.setup.watchers,
        };
        Ok(session.drive(&call, pipe, &mut self.setup.guard, cancelled).await?)
    }

    /// Checks what a client left behind: always what one did that only has its word, and all that may be asked for.
    async fn verified(&mut self, loaded: &LoadedWorkload, run: RunId, end: SessionEnd) -> anyhow::Result<SessionEnd> {
        let foreign = end.hello.is_none();
        let mut verified = end.verified.clone();
        let mut wrong = None;
        if end.outcome == Outcome::Succeeded && (foreign || self.setup.verify) {
            // Foreign programs upload what they like from RAM.
            let content = self.setup.verify && (loaded.workload.files_on_disk || !foreign);
            let mut more = verification::uploads(&loaded.workload, self.setup.target, content).await;
            if foreign {
                let files =
                    verification::downloads(&loaded.workload, &self.setup.settings.files_dir.value, self.setup.verify);
                more = sum(files.await, more);
            }
            wrong = more.errors.first().map(|error| format!("not what it must be: {}", error.message));
            verified = Some(verified.map_or_else(|| more.clone(), |before| sum(before, more.clone())));
        }
        if let Some(verified) = &verified {
            self.setup.store.set_verified(run, verified)?;
        }
        Ok(match wrong {
            Some(reason) => SessionEnd { outcome: Outcome::Failed, reason: Some(reason), verified, ..end },
            None => SessionEnd { verified, ..end },
        })
    }

    fn new_run(&self, loaded: &LoadedWorkload, file: &CompiledFile, client: &str) -> NewRun {
        let store_kind = match self.setup.target.embedded {
            Some(_) => "embedded server".to_owned(),
            None => self.setup.target.connection.label(),
        };
        let mut settings = BTreeMap::from([
            ("endpoint".to_owned(), store_kind),
            ("bucket".to_owned(), self.setup.target.bucket.to_string()),
            ("region".to_owned(), self.setup.target.connection.region.clone()),
            ("targetThroughputGbps".to_owned(), self.setup.settings.target_throughput.value.to_string()),
            ("filesDir".to_owned(), self.setup.settings.files_dir.value.display().to_string()),
        ]);
        if loaded.workload.files_on_disk {
            settings.insert("filesOnDisk".to_owned(), "true".to_owned());
            let files_dir = &self.setup.settings.files_dir.value;
            settings.extend(filesystem_of(files_dir).map(|name| ("filesystem".to_owned(), name)));
            if loaded.workload.tasks.iter().any(|task| task.action == Action::Download) {
                settings.insert("downloadsFiles".to_owned(), "true".to_owned());
            }
        }
        if self.setup.tuned != Tuned::default() {
            settings.insert("tuned".to_owned(), serde_json::to_string(&self.setup.tuned).expect("plain data"));
        }
        NewRun {
            session: self.session.clone(),
            workload: loaded.name.clone(),
            workload_digest: file.digest.clone(),
            workload_bytes: loaded.workload.total_bytes(),
            workload_tasks: loaded.workload.tasks.len() as u64,
            scale: loaded.scale,
            client: client.to_owned(),
            settings,
            wlx_version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: self.machine.clone(),
        }
    }
}

fn sum(one: Verified, other: Verified) -> Verified {
    Verified {
        tasks: one.tasks + other.tasks,
        bytes: one.bytes + other.bytes,
        errors: one.errors.into_iter().chain(other.errors).collect(),
    }
}

/// Names one `wlx run`: the time for people, the process id against two in the same moment.
fn session_id(machine: &Machine) -> String {
    format!("{}-{}-{}", jiff::Timestamp::now(), machine.host, std::process::id())
}
