//! A runner process: started, told when to begin, listened to, and never left behind.

use std::path::Path;
use std::process::ExitStatus;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use workload_schema::exit_code;

use super::call::Call;
use super::output::{RunLine, SharedWords, Stream, listen};

/// How long a runner may take to abort its uploads and end once it was asked to.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// How long what a runner wrote may take to arrive once it has ended: only a process that it left behind holds it up.
const STREAM_PATIENCE: Duration = Duration::from_secs(2);

/// A running runner.
#[derive(Debug)]
pub struct Runner {
    child: Child,
    group: u32,
    stdin: Option<ChildStdin>,
    streams: Vec<JoinHandle<()>>,
    lines: mpsc::UnboundedReceiver<RunLine>,
    words: SharedWords,
}

/// What is noticed of a runner beside its events.
#[derive(Debug)]
pub enum Sign {
    /// A run line.
    Line(RunLine),
    /// Its process has ended.
    Ended(ExitStatus),
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
    /// Starts it in a process group of its own, with its events going to the file `events`.
    pub fn start(call: &Call<'_>, events: &Path) -> std::io::Result<Self> {
        let mut child = call.command(events).spawn()?;
        let words = SharedWords::default();
        let (sender, lines) = mpsc::unbounded_channel();
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let streams = vec![
            tokio::spawn(listen(stdout, Stream::Stdout, Arc::clone(&words), sender.clone())),
            tokio::spawn(listen(stderr, Stream::Stderr, Arc::clone(&words), sender)),
        ];
        let stdin = child.stdin.take();
        let group = child.id().expect("it was not waited for");
        Ok(Self { child, group, stdin, streams, lines, words })
    }

    /// Process id, and that of its group.
    pub fn pid(&self) -> u32 {
        self.group
    }

    /// Says a control word. A runner that is gone cannot be told; its end will be noticed.
    pub async fn say(&mut self, word: &str) {
        if let Some(stdin) = &mut self.stdin {
            // A broken pipe means that it is gone.
            let _ = stdin.write_all(format!("{word}\n").as_bytes()).await;
        }
    }

    /// The next run line, from either stream, or its end. Cancel-safe.
    pub async fn next(&mut self) -> std::io::Result<Sign> {
        tokio::select! {
            biased;
            Some(line) = self.lines.recv() => Ok(Sign::Line(line)),
            status = self.child.wait() => Ok(Sign::Ended(status?)),
        }
    }

    /// A run line that has arrived and was not taken yet.
    pub fn run_line_now(&mut self) -> Option<RunLine> {
        self.lines.try_recv().ok()
    }

    /// Asks it to stop, waits, and kills what does not.
    pub async fn stop(&mut self) {
        if let Some(pid) = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            // It may have ended in this very moment.
            let _ = kill_process(pid, Signal::TERM);
            if tokio::time::timeout(STOP_PATIENCE, self.child.wait()).await.is_err() {
                self.kill_group();
                let _ = self.child.wait().await;
            }
        }
        self.kill_group();
    }

    /// Kills what it started and left behind.
    pub fn kill_group(&self) {
        if let Some(group) = Pid::from_raw(self.group.cast_signed()) {
            // Nothing is left of most.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// Waits until all it wrote was read.
    pub async fn heard(&mut self) {
        for stream in self.streams.drain(..) {
            // One that is held open by a process that survived is read no further.
            let _ = tokio::time::timeout(STREAM_PATIENCE, stream).await;
        }
    }

    /// Its last words.
    pub fn last_words(&self) -> Option<String> {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.reason().map(str::to_owned).or_else(|| words.last())
    }

    /// What `status` and the runner's words come to.
    pub fn ended(&self, status: ExitStatus) -> Ended {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let (reason, last) = (words.reason().map(str::to_owned), words.last());
        let how = match status.code() {
            Some(0) => return Ended::Done,
            Some(code) if code == i32::from(exit_code::SKIPPED) => {
                return Ended::Skipped(reason.or(last).unwrap_or_else(|| "the runner gave no reason".to_owned()));
            }
            Some(code) => format!("the runner ended with exit code {code}"),
            None => format!("the runner was ended by {status}"),
        };
        Ended::Failed(match (reason, last) {
            (Some(reason), _) => reason,
            (None, Some(last)) => format!("{how}; its last words: {last}"),
            (None, None) => format!("{how} and gave no reason"),
        })
    }
}
