//! The life of a runner process: read, connect, repeat, report, and end with the protocol's exit codes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime};

use clap::Args;
use workload_schema::ErrorCount;
use workload_schema::event::{Event, Progress, Repeat, TUNED_VARIABLE, Tuned};
use workload_schema::{BucketName, Gbps, Scale, WallTime, Workload, exit_code};

use super::control::{Control, Word};
use super::events::Events;
use super::jobs;
use super::repeat::Shared;
use super::samples::{self, RoughLatency};
use super::signals::cancel_on_signals;
use super::work::{LibraryWork, Work};
use crate::one_command::{Asked, CommandWork, Refusal, Surroundings, one_command};
use s3_clients::catalog::{PROGRAM_VARIABLE, clients_dir_from_environment, own_id, replace_by_python_runner};
use s3_clients::command_line::{CommandLineClient, Program};
use s3_clients::declaration::Needs;
use s3_clients::endpoint::Connection;
use s3_clients::python::PythonClient;
use s3_clients::{Client, ClientId, ClientSettings, Job, MakeError};
use system_measure::{ended_children_peak, own_usage};
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_library::{LoadError, LoadedWorkload};

/// How often progress is sent: often at first, so that short repeats have a picture too.
const PROGRESS_EVERY: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(100)];
/// How long the first of them holds.
const AT_FIRST: Duration = Duration::from_secs(1);

/// The arguments of contract 4, in its order.
#[derive(Debug, Clone, Args)]
pub struct RunnerArgs {
    /// Client id, like sdk-rust
    #[arg(value_name = "S3_CLIENT")]
    pub client: String,
    /// Path of a compiled workload
    pub workload: PathBuf,
    /// Bucket
    pub bucket: String,
    /// Region
    pub region: String,
    /// Target throughput in gigabit/s, like 100.0
    #[arg(value_name = "TARGET_THROUGHPUT")]
    pub target_throughput: String,
    /// Have a command-line client say what it does, on stderr after each repeat
    #[arg(long)]
    pub verbose: bool,
}

/// How a session ended before all repeats were done.
enum End {
    Skipped(String),
    Failed(String),
    Interrupted { left_open: usize },
}

impl From<String> for End {
    fn from(reason: String) -> Self {
        Self::Failed(reason)
    }
}

/// Runs the workload in the working directory; answers the exit code of contract 4.
pub async fn run(args: &RunnerArgs) -> u8 {
    match session(args).await {
        Ok(()) => exit_code::OK,
        Err(End::Skipped(reason)) => {
            terminal::stderr_line(&format!("Skipping benchmark - {reason}"));
            exit_code::SKIPPED
        }
        Err(End::Failed(reason)) => {
            terminal::stderr_line(&format!("FAIL - {reason}"));
            exit_code::RUNNER_FAILED
        }
        Err(End::Interrupted { left_open: 0 }) => exit_code::INTERRUPTED,
        Err(End::Interrupted { left_open }) => {
            terminal::warning(&format!(
                "{left_open} multipart uploads could not be aborted; the bucket's lifecycle rule ends them after a day"
            ));
            exit_code::INTERRUPTED
        }
    }
}

async fn session(args: &RunnerArgs) -> Result<(), End> {
    let id = own_id(&args.client);
    if let Some(client) = PythonClient::of_id(id) {
        let arguments =
            [args.workload.as_os_str(), args.bucket.as_ref(), args.region.as_ref(), args.target_throughput.as_ref()];
        let reason = replace_by_python_runner(client, arguments, &clients_dir_from_environment());
        return Err(End::Failed(reason));
    }
    let stop = CancellationToken::new();
    cancel_on_signals(&stop).map_err(|error| format!("cannot watch for signals: {error}"))?;
    let workload = read_workload(args)?;
    let settings = client_settings(args, &workload)?;
    let folder = std::env::current_dir().map_err(|error| format!("cannot tell the working directory: {error}"))?;
    let jobs: Arc<[Job]> = jobs::jobs_of(&workload, &folder).into();
    let work = match CommandLineClient::of_id(id) {
        Some(client) => command_work(client, &workload, &settings, &folder, args.verbose, jobs).await?,
        None => library_work(id, &settings, jobs).await?,
    };
    let mut runner = Runner {
        control: Control::from_environment(&stop),
        events: Events::from_environment().map_err(|error| format!("cannot open the events file: {error}"))?,
        work,
        tasks: workload.task_count(),
        stop,
    };
    runner.events.send(Event::Hello(runner.work.hello()));
    let end = runner.repeats(&workload).await;
    runner.events.finish();
    end
}

async fn library_work(id: &str, settings: &ClientSettings, jobs: Arc<[Job]>) -> Result<Arc<dyn Work>, End> {
    let id: ClientId = id.parse().map_err(|error: s3_clients::UnknownClient| error.to_string())?;
    jobs::check_files(&jobs)?;
    jobs::make_content(&jobs);
    let client: Arc<dyn Client> = id
        .make(settings)
        .await
        .map_err(|error| match error {
            MakeError::Skip(reason) => End::Skipped(reason),
            MakeError::Fail(reason) => End::Failed(reason),
        })?
        .into();
    Ok(Arc::new(LibraryWork::new(client, jobs)))
}

async fn command_work(
    client: CommandLineClient,
    workload: &Workload,
    settings: &ClientSettings,
    folder: &Path,
    verbose: bool,
    jobs: Arc<[Job]>,
) -> Result<Arc<dyn Work>, End> {
    let named = std::env::var_os(PROGRAM_VARIABLE).map(PathBuf::from);
    let program =
        Program::find(client, &clients_dir_from_environment(), named.as_deref()).map_err(|error| error.to_string())?;
    let surroundings = Surroundings::on_disk(workload, folder)
        .map_err(|error| format!("cannot look into the files directory: {error}"))?;
    let looked = surroundings.with_bucket(workload, &settings.connection, &settings.bucket).await;
    let surroundings = looked.map_err(|failure| failure.to_string())?;
    let asked = Asked {
        program: &program,
        workload,
        surroundings: &surroundings,
        bucket: settings.bucket.as_str(),
        region: &settings.connection.region,
        endpoint_url: settings.connection.endpoint_url.as_deref(),
        target: settings.target,
        tuned: settings.tuned,
        verbose,
    };
    let command = one_command(&asked).map_err(|refusal| match refusal {
        Refusal::Skip(reason) => End::Skipped(reason),
        Refusal::Fail(reason) => End::Failed(reason),
    })?;
    jobs::check_files(&jobs)?;
    jobs::make_content(&jobs);
    let (connection, bucket) = (settings.connection.clone(), settings.bucket.clone());
    let work = CommandWork::new(command, &asked, jobs, connection, bucket).await;
    Ok(Arc::new(work.map_err(|failure| failure.to_string())?))
}

fn read_workload(args: &RunnerArgs) -> Result<Workload, End> {
    match LoadedWorkload::read(&args.workload, Scale::ONE) {
        Ok(loaded) => Ok(loaded.workload),
        Err(LoadError::UnknownVersion { reason, .. }) => Err(End::Skipped(reason)),
        Err(error) => Err(End::Failed(error.to_string())),
    }
}

fn client_settings(args: &RunnerArgs, workload: &Workload) -> Result<ClientSettings, String> {
    let connection = Connection::from_environment(&args.region);
    let bucket = BucketName::new(args.bucket.as_str()).map_err(|error| format!("bucket `{}`: {error}", args.bucket))?;
    let needs = Needs::of(workload, bucket.as_str(), connection.endpoint_url.is_some(), tuned_from_environment()?);
    Ok(ClientSettings {
        connection,
        bucket,
        target: args
            .target_throughput
            .parse::<Gbps>()
            .map_err(|error| format!("target throughput `{}`: {error}", args.target_throughput))?,
        checksum: needs.checksum,
        files_on_disk: needs.files_on_disk,
        operations: needs.operations,
        largest_upload: needs.largest_upload,
        largest_download: needs.largest_download,
        tasks: needs.tasks,
        tuned: needs.tuned,
    })
}

/// [`TUNED_VARIABLE`], where it is set.
fn tuned_from_environment() -> Result<Tuned, String> {
    match std::env::var(TUNED_VARIABLE) {
        Ok(text) if !text.is_empty() => {
            serde_json::from_str(&text).map_err(|error| format!("{TUNED_VARIABLE} does not fit: {error}"))
        }
        _ => Ok(Tuned::default()),
    }
}

struct Runner {
    work: Arc<dyn Work>,
    tasks: usize,
    control: Control,
    events: Events,
    stop: CancellationToken,
}

impl Runner {
    /// Repeats until the count or the time is up (contract 4), or until who controls us has enough.
    async fn repeats(&mut self, workload: &Workload) -> Result<(), End> {
        let began = Instant::now();
        let limit = Duration::from_secs(workload.max_repeat_secs());
        let mut number = 0;
        loop {
            let word = tokio::select! {
                word = self.control.next() => word,
                () = self.stop.cancelled() => return Err(End::Interrupted { left_open: 0 }),
            };
            match word {
                None => return Ok(()),
                Some(Word::Verify) => {
                    self.verify().await?;
                    continue;
                }
                Some(Word::Run) => number += 1,
            }
            let repeat = self.one(number).await?;
            let gbps = Gbps::of(repeat.bytes, repeat.seconds).get();
            let failed = failure_text(&repeat.errors);
            self.events.send(Event::Repeat(repeat.clone()));
            if let Some(reason) = failed {
                return Err(End::Failed(reason));
            }
            terminal::data(&format!("Run:{number} Secs:{:.6} Gb/s:{gbps:.6}", repeat.seconds));
            if matches!(self.control, Control::Free)
                && (number >= workload.max_repeat_count() || began.elapsed() >= limit)
            {
                return Ok(());
            }
        }
    }

    /// Compares contents and tells what was found.
    async fn verify(&mut self) -> Result<(), End> {
        let verified = tokio::select! {
            verified = self.work.verify() => Some(verified),
            () = self.stop.cancelled() => None,
        };
        let Some(verified) = verified else {
            return Err(End::Interrupted { left_open: self.work.abort().await });
        };
        let failed = failure_text(&verified.errors);
        self.events.send(Event::Verified(verified));
        failed.map_or(Ok(()), |reason| Err(End::Failed(reason)))
    }

    /// One repeat, its preparation untimed.
    async fn one(&mut self, number: u64) -> Result<Repeat, End> {
        self.work.prepare().map_err(|failure| End::Failed(failure.to_string()))?;
        let recorded = self.events.are_wanted() && samples::wanted_by_environment();
        let earlier = self.work.counters();
        let before = own_usage();
        let started_at = wall_time_now();
        let shared = Arc::new(Shared::new(recorded));
        let progress = self.send_progress(number, &shared);
        let outcome = tokio::select! {
            outcome = self.work.repeat(&shared) => Some(outcome),
            () = self.stop.cancelled() => None,
        };
        let after = own_usage();
        if let Some(progress) = progress {
            progress.abort();
        }
        let Some(outcome) = outcome else {
            return Err(End::Interrupted { left_open: self.work.abort().await });
        };
        self.events.send(Event::Progress(how_far(number, &shared, self.tasks, Some(outcome.seconds))));
        self.events.send_tasks(number, shared.base, outcome.samples);
        let used = after.since(before);
        let counted = self.work.counters().since(earlier);
        Ok(Repeat {
            repeat: number,
            started_at: Some(started_at),
            seconds: outcome.seconds,
            bytes: outcome.bytes,
            requests: counted.requests,
            retries: counted.retries,
            backoff_seconds: counted.backoff.map(|backoff| backoff.as_secs_f64()),
            errors: outcome.errors,
            cpu_user_seconds: Some(used.cpu.user_seconds),
            cpu_system_seconds: Some(used.cpu.system_seconds),
            ended_children_peak_bytes: ended_children_peak(),
            context_switches: Some(used.context_switches),
            disk_read_bytes: Some(used.disk_read_bytes),
            disk_write_bytes: Some(used.disk_write_bytes),
        })
    }

    /// Tells how far the repeat is until the answered task is aborted.
    fn send_progress(&self, repeat: u64, shared: &Arc<Shared>) -> Option<tokio::task::JoinHandle<()>> {
        let sender = self.events.sender()?;
        let (shared, tasks) = (Arc::clone(shared), self.tasks);
        Some(tokio::spawn(async move {
            loop {
                let early = shared.base.elapsed() < AT_FIRST;
                tokio::time::sleep(PROGRESS_EVERY[usize::from(!early)]).await;
                if !sender.send(Event::Progress(how_far(repeat, &shared, tasks, None))) {
                    return;
                }
            }
        }))
    }
}

/// The wall clock of this machine. How far it is off is not known here.
fn wall_time_now() -> WallTime {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    WallTime { unix_ns: samples::nanoseconds(since_epoch), clock: None }
}

/// How far a repeat is now; after its end with the seconds that it took.
fn how_far(repeat: u64, shared: &Shared, tasks: usize, took: Option<f64>) -> Progress {
    let elapsed = took.map_or_else(|| shared.base.elapsed(), Duration::from_secs_f64);
    Progress {
        repeat,
        elapsed_ns: Some(samples::nanoseconds(elapsed)),
        bytes: shared.moved.get(),
        tasks: shared.tasks_done.load(Relaxed),
        in_flight: Some(if took.is_some() { 0 } else { shared.in_flight(tasks) }),
        latency: shared.latency.as_ref().and_then(RoughLatency::read),
    }
}

/// What to say of failed tasks: the first cause, and how many there are.
fn failure_text(errors: &[ErrorCount]) -> Option<String> {
    let first = errors.first()?;
    let count: u64 = errors.iter().map(|error| error.count).sum();
    let more = if count > 1 { format!(" (and {} more failed tasks)", count - 1) } else { String::new() };
    Some(format!("{}{more}", first.message))
}
