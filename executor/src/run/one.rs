//! One client on one workload after the other, each stored from its beginning to its end.

use std::collections::BTreeMap;
use std::time::Duration;

use workload_schema::event::{Tuned, Verified};
use workload_schema::record::{Machine, Outcome};

use super::bar::title;
use super::child::Call;
use super::command::{Chosen, RunArgs, RunFormat};
use super::compiled_file::CompiledFile;
use super::event_pipe::EventPipe;
use super::guard::Guard;
use super::session::{Session, SessionEnd};
use super::verification;
use crate::catalog::Launch;
use crate::library::LoadedWorkload;
use crate::measure::machine::this_machine;
use crate::runner::Cancelled;
use crate::settings::Settings;
use crate::store::{NewRun, RunId, Store};
use crate::target::{EmbeddedServer, Target};
use crate::terminal;
use crate::watch::{RunBegins, Sight, Watchers};

/// The runs of one `wlx run`.
pub struct Runs<'a> {
    settings: &'a Settings,
    target: &'a Target,
    tuned: Tuned,
    timeout: Duration,
    verify: bool,
    run_lines: bool,
    machine: Machine,
    session: String,
    record_tasks: bool,
    store: Store,
    guard: Guard,
    watchers: Watchers,
}

impl<'a> Runs<'a> {
    /// None yet.
    pub fn new(
        args: &RunArgs,
        settings: &'a Settings,
        target: &'a Target,
        tuned: Tuned,
        timeout: Duration,
        store: Store,
        guard: Guard,
        watchers: Watchers,
    ) -> Self {
        let machine = this_machine();
        Self {
            settings,
            target,
            tuned,
            timeout,
            verify: args.verify,
            run_lines: args.format == RunFormat::Table,
            session: session_id(&machine),
            machine,
            record_tasks: !args.no_tasks,
            store,
            guard,
            watchers,
        }
    }

    /// The file of `loaded` that runners are given.
    pub fn compiled_file(&self, loaded: &LoadedWorkload) -> std::io::Result<CompiledFile> {
        CompiledFile::of(loaded, &self.settings.state_dir)
    }

    /// The results, and the session that all runs belong to.
    pub fn finish(self) -> (Store, String) {
        (self.store, self.session)
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
        if self.run_lines {
            terminal::note(&title(&loaded.name, &client.entry.id));
        }
        let run = self.store.begin_run(&self.new_run(loaded, file, &client.entry.id))?;
        self.watchers.see(
            run,
            &Sight::RunBegins(RunBegins {
                name: &loaded.name,
                workload: &loaded.workload,
                client: &client.entry.id,
                bucket: self.target.bucket.as_str(),
                machine: &self.machine,
            }),
        );
        let end = match (&client.launch, refused) {
            (Err(missing), _) => SessionEnd::before_start(Outcome::Skipped, missing.clone()),
            (_, Some(refused)) => SessionEnd::before_start(Outcome::Failed, refused.to_owned()),
            (Ok(launch), None) => {
                let end = self.drive(loaded, file, launch, run, cancelled).await?;
                self.verified(loaded, run, end).await?
            }
        };
        self.store.end_run(run, end.outcome, end.reason.as_deref())?;
        self.watchers.see(run, &Sight::RunEnds { outcome: end.outcome, reason: end.reason.as_deref() });
        Ok(end.outcome)
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
        let call = Call {
            launch,
            workload: &file.path,
            bucket: self.target.bucket.as_str(),
            target: self.settings.target_throughput.value.get(),
            files_dir: &self.settings.files_dir.value,
            connection: &self.target.connection,
            events: &events,
            tuned: self.tuned,
            record_tasks: self.record_tasks,
            server: self.target.embedded.as_ref().and_then(EmbeddedServer::process),
        };
        let mut session = Session {
            workload: &loaded.workload,
            digest: &file.digest,
            files_dir: &self.settings.files_dir.value,
            store: &mut self.store,
            run,
            run_lines: self.run_lines,
            verify: self.verify,
            timeout: self.timeout,
            watchers: &mut self.watchers,
        };
        Ok(session.drive(&call, pipe, &mut self.guard, cancelled).await?)
    }

    /// Checks what a client left behind: always what one did that only has its word, and all that may be asked for.
    async fn verified(&mut self, loaded: &LoadedWorkload, run: RunId, end: SessionEnd) -> anyhow::Result<SessionEnd> {
        let foreign = end.hello.is_none();
        let mut verified = end.verified.clone();
        let mut wrong = None;
        if end.outcome == Outcome::Succeeded && (foreign || self.verify) {
            // Foreign programs upload what they like from RAM.
            let content = self.verify && (loaded.workload.files_on_disk || !foreign);
            let mut more = verification::uploads(&loaded.workload, self.target, content).await;
            if foreign {
                let files = verification::downloads(&loaded.workload, &self.settings.files_dir.value, self.verify);
                more = sum(files.await, more);
            }
            wrong = more.errors.first().map(|error| format!("not what it must be: {}", error.message));
            verified = Some(verified.map_or_else(|| more.clone(), |before| sum(before, more.clone())));
        }
        if let Some(verified) = &verified {
            self.store.set_verified(run, verified)?;
        }
        Ok(match wrong {
            Some(reason) => SessionEnd { outcome: Outcome::Failed, reason: Some(reason), verified, ..end },
            None => SessionEnd { verified, ..end },
        })
    }

    fn new_run(&self, loaded: &LoadedWorkload, file: &CompiledFile, client: &str) -> NewRun {
        let store_kind = match self.target.embedded {
            Some(_) => "embedded server".to_owned(),
            None => self.target.connection.label(),
        };
        let mut settings = BTreeMap::from([
            ("endpoint".to_owned(), store_kind),
            ("bucket".to_owned(), self.target.bucket.to_string()),
            ("region".to_owned(), self.target.connection.region.clone()),
            ("targetThroughputGbps".to_owned(), self.settings.target_throughput.value.to_string()),
            ("filesDir".to_owned(), self.settings.files_dir.value.display().to_string()),
        ]);
        if self.tuned != Tuned::default() {
            settings.insert("tuned".to_owned(), serde_json::to_string(&self.tuned).expect("plain data"));
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
