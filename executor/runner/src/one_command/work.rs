//! One command, run and timed: from before its process is started until it has ended and all it wrote is read.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;
use tokio::process::{Child, Command};
use workload_schema::ErrorKind;
use workload_schema::event::{ChecksumPlacement, Hello, PROTOCOL_VERSION, Verified};
use workload_schema::{BucketName, Operation};

use super::drain::{drain, feed, last_words};
use super::keys::directory_of;
use super::listing::each_page;
use super::{Asked, OneCommand, Stream};
use crate::prepare;
use crate::repeat::{Outcome, Shared};
use crate::work::Work;
use s3_clients::command_line::{CommandLineClient, Program};
use s3_clients::declaration::TunedValue;
use s3_clients::endpoint::{Connection, Failure, RequestCounter, failure_of, kind_of_words, tally};
use s3_clients::integrity::{self, Comparison};
use s3_clients::{Counters, DataPlace, Job, Moved};
use wlx_terminal as terminal;

/// How long a command may take to abort its uploads once it was interrupted.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// The one command of a workload, repeated.
pub struct CommandWork {
    command: OneCommand,
    program: Program,
    hello: Hello,
    jobs: Arc<[Job]>,
    variables: Vec<(String, Option<String>)>,
    aws_config: Option<NamedTempFile>,
    connection: Connection,
    bucket: BucketName,
    verbose: bool,
    /// The running command, so that it can be stopped when its future is gone.
    running: Mutex<Option<Child>>,
}

impl CommandWork {
    /// The work of `command`, which `asked` led to, on `jobs`.
    pub async fn new(
        command: OneCommand,
        asked: &Asked<'_>,
        jobs: Arc<[Job]>,
        connection: Connection,
        bucket: BucketName,
    ) -> Result<Self, Failure> {
        let program = asked.program.clone();
        let mut variables: Vec<(String, Option<String>)> =
            connection.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        // A configuration file of our own hides the profile, and not all of them read one as the SDK does.
        variables.extend(connection.credential_variables().await?);
        variables.push(("LC_ALL".to_owned(), Some("C".to_owned())));
        variables.extend(command.variables.iter().map(|(name, value)| (name.clone(), Some(value.clone()))));
        let aws_config = command
            .aws_config
            .as_deref()
            .map(config_file)
            .transpose()
            .map_err(|error| Failure::disk("write the AWS configuration below", &std::env::temp_dir(), &error))?;
        if let Some(file) = &aws_config {
            variables.push(("AWS_CONFIG_FILE".to_owned(), Some(file.path().display().to_string())));
        }
        Ok(Self {
            hello: hello(asked),
            command,
            program,
            jobs,
            variables,
            aws_config,
            connection,
            bucket,
            verbose: asked.verbose,
            running: Mutex::new(None),
        })
    }

    fn start(&self) -> std::io::Result<Child> {
        let piped = |when| if when { Stdio::piped() } else { Stdio::null() };
        let mut command = Command::new(&self.program.path);
        command
            .args(&self.command.arguments)
            .envs(self.program.variables.iter().map(|(name, value)| (name, value)))
            .stdin(piped(matches!(self.command.stream, Stream::Stdin { .. })))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.spawn()
    }

    /// Runs the command to its end; the clock goes from before it is started.
    async fn once(&self, moved: &Arc<Moved>, compare: bool) -> (f64, Result<u64, Failure>) {
        let mut said = String::new();
        let began = Instant::now();
        let result = self.transfer(moved, compare, &mut said).await;
        let seconds = began.elapsed().as_secs_f64();
        if self.verbose && !said.is_empty() {
            terminal::stderr_line(&said);
        }
        let checked = match result {
            Ok(drained) => self.moved_bytes(drained).await,
            Err(failure) => Err(failure),
        };
        (seconds, checked)
    }

    /// What the command wrote to stdout as payload, in bytes, if it ended well; then `said` is what else it said.
    async fn transfer(&self, moved: &Arc<Moved>, compare: bool, said: &mut String) -> Result<u64, Failure> {
        let failed = |error: std::io::Error| {
            Failure::local(ErrorKind::Runner, format!("cannot start {}: {error}", self.program.path.display()))
        };
        let mut child = self.start().map_err(failed)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        *self.locked() = Some(child);
        let written = async {
            if let (Stream::Stdin { key, size }, Some(stdin)) = (&self.command.stream, stdin) {
                feed(stdin, key.as_str(), *size, moved).await;
            }
        };
        let payload = match &self.command.stream {
            Stream::Stdout { key, .. } => Some(compare.then(|| Comparison::of(key.as_str()))),
            Stream::None | Stream::Stdin { .. } => None,
        };
        let read = async {
            let stdout = stdout.expect("stdout is piped");
            match payload {
                Some(comparison) => (drain(stdout, moved, comparison).await, String::new()),
                None => (Ok(0), last_words(stdout).await),
            }
        };
        let words = async { last_words(stderr.expect("stderr is piped")).await };
        let ((), (drained, on_stdout), on_stderr) = tokio::join!(written, read, words);
        let status = self.ended().await.map_err(failed)?;
        let words = if on_stderr.is_empty() { on_stdout } else { on_stderr };
        if status.success() {
            *said = words;
            return drained;
        }
        Err(Failure::local(kind_of_words(&words), format!("{}: {}", self.command, told(status, &words))))
    }

    /// Waits for the end of the command. Cancel-safe: it stays where [`Work::abort`] finds it.
    async fn ended(&self) -> std::io::Result<ExitStatus> {
        // All its pipes are closed by now, so this is a matter of moments.
        let mut ticks = tokio::time::interval(Duration::from_micros(200));
        loop {
            let ended = self.locked().as_mut().expect("it was started").try_wait()?;
            if let Some(status) = ended {
                *self.locked() = None;
                return Ok(status);
            }
            ticks.tick().await;
        }
    }

    /// The bytes that verifiably moved: lengths of files, of what was drained, of objects.
    async fn moved_bytes(&self, drained: u64) -> Result<u64, Failure> {
        match (&self.command.stream, self.jobs[0].operation) {
            (Stream::Stdout { size, .. }, _) if drained == *size => Ok(*size),
            (Stream::Stdout { key, size }, _) => Err(integrity::wrong_length(key.as_str(), drained, *size)),
            (_, Operation::Upload) => self.uploaded().await,
            (_, Operation::Download) => self.jobs.iter().try_fold(0, |sum, job| match &job.place {
                DataPlace::File(path) => Ok(sum + integrity::check_length(path, job.key.as_str(), job.size)?),
                DataPlace::Memory => Ok(sum),
            }),
        }
    }

    /// The sizes of the objects that were uploaded: the command's exit code is only its own word.
    async fn uploaded(&self) -> Result<u64, Failure> {
        let s3 = self.connection.s3(&RequestCounter::default()).await;
        if let [job] = &self.jobs[..] {
            let key = job.key.as_str();
            let head = s3.head_object().bucket(self.bucket.as_str()).key(key).send().await;
            let head = head.map_err(|error| failure_of("HeadObject", key, &error))?;
            let found = head.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
            return if found == job.size { Ok(found) } else { Err(integrity::wrong_length(key, found, job.size)) };
        }
        let prefix = format!("{}/", directory_of(self.jobs[0].key.as_str()).unwrap_or_default());
        let mut sizes = BTreeMap::new();
        let listed = each_page(&s3, &self.bucket, &prefix, |objects| {
            for object in objects {
                let size = object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
                sizes.extend(object.key.map(|key| (key, size)));
            }
            ControlFlow::Continue(())
        });
        // Its answer can only be that it saw all.
        let _ = listed.await?;
        self.jobs.iter().try_fold(0, |sum, job| match sizes.get(job.key.as_str()) {
            Some(size) if *size == job.size => Ok(sum + size),
            found => Err(integrity::wrong_length(job.key.as_str(), found.copied().unwrap_or(0), job.size)),
        })
    }

    /// Aborts what a killed command left open at the store, of this workload's keys.
    async fn abort_uploads(&self) -> Result<usize, Failure> {
        let s3 = self.connection.s3(&RequestCounter::default()).await;
        let mut left = 0;
        for job in self.jobs.iter().filter(|job| job.operation.sends_payload()) {
            let listed = s3.list_multipart_uploads().bucket(self.bucket.as_str()).prefix(job.key.as_str()).send().await;
            let listed = listed.map_err(|error| failure_of("ListMultipartUploads", job.key.as_str(), &error))?;
            for upload in listed.uploads.unwrap_or_default() {
                let (Some(key), Some(id)) = (upload.key, upload.upload_id) else { continue };
                if key == job.key.as_str() {
                    let abort = s3.abort_multipart_upload().bucket(self.bucket.as_str()).key(key).upload_id(id);
                    left += usize::from(abort.send().await.is_err());
                }
            }
        }
        Ok(left)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work for CommandWork {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn prepare(&self) -> Result<(), Failure> {
        prepare::prepare(&self.jobs)
    }

    fn repeat<'a>(&'a self, shared: &'a Arc<Shared>) -> BoxFuture<'a, Outcome> {
        async {
            let (seconds, result) = self.once(&shared.moved, false).await;
            let mut outcome = Outcome { seconds, bytes: 0, errors: Vec::new(), samples: Vec::new() };
            match result {
                Ok(bytes) => outcome.bytes = bytes,
                Err(failure) => tally(&mut outcome.errors, failure),
            }
            outcome
        }
        .boxed()
    }

    fn counters(&self) -> Counters {
        Counters::UNKNOWN
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        async {
            let Some(mut child) = self.locked().take() else { return 0 };
            if let Some(pid) = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
                // As Ctrl-C would: it aborts its own uploads then. It may have ended in this very moment.
                let _ = kill_process(pid, Signal::INT);
            }
            if tokio::time::timeout(STOP_PATIENCE, child.wait()).await.is_err() {
                // Nothing more can be done about one that cannot be killed.
                let _ = child.kill().await;
            }
            if !self.jobs[0].operation.writes() {
                return 0;
            }
            self.abort_uploads().await.unwrap_or(self.jobs.len())
        }
        .boxed()
    }

    fn verify(&self) -> BoxFuture<'_, Verified> {
        async {
            let mut verified = Verified { tasks: 0, bytes: 0, errors: Vec::new() };
            if let Stream::Stdout { .. } = self.command.stream {
                match self.once(&Arc::default(), true).await.1 {
                    Ok(bytes) => (verified.tasks, verified.bytes) = (1, bytes),
                    Err(failure) => tally(&mut verified.errors, failure),
                }
            }
            verified
        }
        .boxed()
    }
}

impl std::fmt::Debug for CommandWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let config: Option<&Path> = self.aws_config.as_ref().map(NamedTempFile::path);
        f.debug_struct("CommandWork").field("command", &self.command).field("config", &config).finish_non_exhaustive()
    }
}

fn config_file(text: &str) -> std::io::Result<NamedTempFile> {
    let file = tempfile::Builder::new().prefix("wlx-aws-config-").tempfile()?;
    std::fs::write(file.path(), text)?;
    Ok(file)
}

/// How a command ended, in its own words if it had any.
fn told(status: ExitStatus, words: &str) -> String {
    if words.is_empty() { format!("ended with {status} and said nothing") } else { words.to_owned() }
}

fn hello(asked: &Asked<'_>) -> Hello {
    let client = asked.program.client;
    let not_tunable = client.declaration().capabilities.not_tunable;
    let wide = match client {
        // Its own default; the target is not its business (contract 5).
        CommandLineClient::CliClassic => Some(asked.tuned.connections.unwrap_or(10)),
        CommandLineClient::CliCrt => None,
        CommandLineClient::S5cmd | CommandLineClient::Rclone => Some(asked.connections()),
    };
    Hello {
        protocol_version: PROTOCOL_VERSION,
        client: client.as_str().to_owned(),
        client_version: asked.program.version.clone(),
        tasks_in_flight: asked.tuned.files_in_flight.filter(|_| !not_tunable.contains(&TunedValue::FilesInFlight)),
        connections: wide,
        part_size_bytes: Some(asked.tuned.part_size_bytes.unwrap_or(8 << 20)),
        checksum_placement: asked.workload.checksum().is_none().then_some(ChecksumPlacement::None),
        buffer_residency: None,
        process_start_timed: true,
        verifies_content: true,
    }
}
