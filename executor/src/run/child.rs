//! A runner process: started, told when to begin, listened to, and never left behind.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;
use workload_schema::event::{CONTROL_END, CONTROL_RUN, CONTROL_STDIN, CONTROL_VARIABLE, EVENTS_VARIABLE};
use workload_schema::exit_code;

use crate::target::Connection;
use crate::terminal;

/// How long a runner may take to abort its uploads and end once it was asked to.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// Words of the protocol before a reason (contract 4).
const SKIP: &str = "Skipping benchmark - ";
const FAIL: &str = "FAIL - ";
/// Longest line of a runner's that is kept as a reason, in bytes.
const LONGEST_REASON: usize = 2000;

/// What a runner is started with.
#[derive(Debug)]
pub struct Call<'a> {
    /// Client id.
    pub client: &'a str,
    /// Compiled workload.
    pub workload: &'a Path,
    /// Bucket.
    pub bucket: &'a str,
    /// Target throughput in gigabit/s.
    pub target: f64,
    /// Working directory.
    pub files_dir: &'a Path,
    /// The store.
    pub connection: &'a Connection,
    /// Where its events go.
    pub events: &'a Path,
}

/// A running runner.
#[derive(Debug)]
pub struct Runner {
    child: Child,
    stdin: Option<ChildStdin>,
    streams: Vec<JoinHandle<()>>,
    reason: Arc<Mutex<Option<String>>>,
}

/// How a runner ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Exit code 0.
    Done,
    /// Exit code 123, and why.
    Skipped(String),
    /// Anything else, and why.
    Failed(String),
}

impl Runner {
    /// Starts this program's `runner` in a process group of its own.
    pub fn start(call: &Call<'_>) -> std::io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["runner", call.client])
            .arg(call.workload)
            .args([call.bucket, &call.connection.region, &format!("{:?}", call.target)])
            .current_dir(call.files_dir)
            .env("LC_ALL", "C")
            .env(EVENTS_VARIABLE, call.events)
            .env(CONTROL_VARIABLE, CONTROL_STDIN)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        for (name, value) in call.connection.environment() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command.spawn()?;
        let reason = Arc::new(Mutex::new(None));
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let streams = vec![
            tokio::spawn(listen(stdout, Arc::clone(&reason), false)),
            tokio::spawn(listen(stderr, Arc::clone(&reason), true)),
        ];
        let stdin = child.stdin.take();
        Ok(Self { child, stdin, streams, reason })
    }

    /// Process id; none once it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Tells it to begin a repeat. A runner that is gone cannot be told; its end will be noticed.
    pub async fn begin_repeat(&mut self) {
        self.say(CONTROL_RUN).await;
    }

    /// Tells it that there are no more repeats.
    pub async fn no_more_repeats(&mut self) {
        self.say(CONTROL_END).await;
    }

    async fn say(&mut self, word: &str) {
        if let Some(stdin) = &mut self.stdin {
            // See `begin_repeat`: a broken pipe is noticed by waiting for the end.
            let _ = stdin.write_all(format!("{word}\n").as_bytes()).await;
        }
    }

    /// Waits until it ends by itself. Cancel-safe.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks it to stop, waits, and kills what does not.
    pub async fn stop(&mut self) {
        let Some(pid) = self.pid().and_then(|pid| Pid::from_raw(pid.cast_signed())) else { return };
        // It may have ended in this very moment.
        let _ = kill_process(pid, Signal::TERM);
        if tokio::time::timeout(STOP_PATIENCE, self.child.wait()).await.is_err() {
            let _ = kill_process_group(pid, Signal::KILL);
            let _ = self.child.wait().await;
        }
    }

    /// What `status` and the runner's words come to, once all it said was read.
    pub async fn ended(mut self, status: ExitStatus) -> Ended {
        for stream in self.streams.drain(..) {
            // Only a grandchild that keeps the pipe open could hold this up.
            let _ = tokio::time::timeout(Duration::from_secs(2), stream).await;
        }
        let said = self.reason.lock().unwrap_or_else(PoisonError::into_inner).take();
        match status.code() {
            Some(0) => Ended::Done,
            Some(code) if code == i32::from(exit_code::SKIPPED) => {
                Ended::Skipped(said.unwrap_or_else(|| "the runner gave no reason".to_owned()))
            }
            Some(code) => Ended::Failed(
                said.unwrap_or_else(|| format!("the runner ended with exit code {code} and gave no reason")),
            ),
            None => Ended::Failed(said.unwrap_or_else(|| format!("the runner was ended by {status}"))),
        }
    }
}

/// Reads a stream to its end, keeps the reason it gives, and passes other lines of stderr on.
async fn listen(stream: impl AsyncRead + Unpin, reason: Arc<Mutex<Option<String>>>, pass_on: bool) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let said = line.strip_prefix(SKIP).or_else(|| line.strip_prefix(FAIL));
        match said {
            Some(said) => {
                let end = said.floor_char_boundary(LONGEST_REASON);
                *reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(said[..end].to_owned());
            }
            None if pass_on => terminal::note(&line),
            None => {}
        }
    }
}
