//! One client on one workload: its process driven repeat by repeat, and what came of it stored.

use std::time::{Duration, Instant};

use workload_schema::event::{Event, Progress, Repeat};
use workload_schema::record::{Outcome, RepeatRecord};
use workload_schema::{Gbps, Workload};

use super::child::{Call, Ended, Runner};
use super::event_pipe::EventPipe;
use crate::measure::ProcessTree;
use crate::runner::Cancelled;
use crate::store::{RunId, Store, StoreError};
use crate::terminal;

/// Why a run could not be driven to its end.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The results file; the run goes no further, as its repeats would be lost.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The process or its pipe.
    #[error("cannot run the client: {0}")]
    Process(#[from] std::io::Error),
}

/// How it ended.
#[derive(Debug)]
pub struct SessionEnd {
    /// The outcome that is stored.
    pub outcome: Outcome,
    /// Why, where it is not a success.
    pub reason: Option<String>,
}

/// Drives one runner.
pub struct Session<'a> {
    /// The workload, for its limits and sizes.
    pub workload: &'a Workload,
    /// Where repeats are stored.
    pub store: &'a mut Store,
    /// The run they belong to.
    pub run: RunId,
    /// Title of the progress bar.
    pub title: &'a str,
    /// Whether run lines are printed.
    pub run_lines: bool,
}

/// What happened while a repeat was awaited.
enum Awaited {
    Repeat(Repeat),
    Ended(std::process::ExitStatus),
    Cancelled,
}

impl Session<'_> {
    /// Runs `call` to its end, or until `cancelled`.
    pub async fn drive(
        &mut self,
        call: &Call<'_>,
        pipe: &mut EventPipe,
        cancelled: &mut Cancelled,
    ) -> Result<SessionEnd, SessionError> {
        let mut runner = Runner::start(call)?;
        match self.repeats(&mut runner, pipe, cancelled).await {
            Ok(None) => {
                runner.stop().await;
                Ok(SessionEnd { outcome: Outcome::Interrupted, reason: Some("by Ctrl-C or SIGTERM".to_owned()) })
            }
            Ok(Some(status)) => {
                self.drain(pipe).await?;
                Ok(match runner.ended(status).await {
                    Ended::Done => SessionEnd { outcome: Outcome::Succeeded, reason: None },
                    Ended::Skipped(reason) => SessionEnd { outcome: Outcome::Skipped, reason: Some(reason) },
                    Ended::Failed(reason) => SessionEnd { outcome: Outcome::Failed, reason: Some(reason) },
                })
            }
            Err(error) => {
                runner.stop().await;
                Err(error)
            }
        }
    }

    /// Repeats until the limits of contract 4; answers the runner's exit status, or none where it was cancelled.
    async fn repeats(
        &mut self,
        runner: &mut Runner,
        pipe: &mut EventPipe,
        cancelled: &mut Cancelled,
    ) -> Result<Option<std::process::ExitStatus>, SessionError> {
        let began = Instant::now();
        let limit = Duration::from_secs(self.workload.max_repeat_secs);
        let tree = ProcessTree::new(runner.pid().unwrap_or_default());
        for number in 1..=self.workload.max_repeat_count {
            tree.reset_peak();
            runner.begin_repeat().await;
            match self.await_repeat(number, runner, pipe, cancelled).await? {
                Awaited::Cancelled => return Ok(None),
                Awaited::Ended(status) => return Ok(Some(status)),
                Awaited::Repeat(repeat) => {
                    let good = repeat.errors.is_empty();
                    self.keep(repeat, tree.sample().map(|sample| sample.peak_memory_bytes))?;
                    if !good {
                        break;
                    }
                }
            }
            if began.elapsed() >= limit {
                break;
            }
        }
        runner.no_more_repeats().await;
        tokio::select! {
            status = runner.wait() => Ok(Some(status?)),
            () = cancelled.wait() => Ok(None),
        }
    }

    async fn await_repeat(
        &mut self,
        number: u64,
        runner: &mut Runner,
        pipe: &mut EventPipe,
        cancelled: &mut Cancelled,
    ) -> Result<Awaited, SessionError> {
        let bar = terminal::byte_bar(&format!("{} repeat {number}", self.title), self.workload.total_bytes());
        loop {
            let event = tokio::select! {
                // Events first: the last repeat must not be lost to the end of its process.
                biased;
                event = pipe.next() => event?,
                status = runner.wait() => return Ok(Awaited::Ended(status?)),
                () = cancelled.wait() => return Ok(Awaited::Cancelled),
            };
            match event {
                Event::Hello(hello) => self.store.set_hello(self.run, &hello)?,
                Event::Progress(Progress { bytes, .. }) => bar.set(bytes),
                Event::Task(_) | Event::Verified(_) => {}
                Event::Repeat(repeat) => return Ok(Awaited::Repeat(repeat)),
            }
        }
    }

    /// Takes what the runner still had to say when it ended.
    async fn drain(&mut self, pipe: &mut EventPipe) -> Result<(), SessionError> {
        // Everything it wrote is in the pipe by now, so only an empty pipe makes this wait.
        while let Ok(event) = tokio::time::timeout(Duration::from_millis(20), pipe.next()).await {
            match event? {
                Event::Hello(hello) => self.store.set_hello(self.run, &hello)?,
                Event::Repeat(repeat) => self.keep(repeat, None)?,
                Event::Progress(_) | Event::Task(_) | Event::Verified(_) => {}
            }
        }
        Ok(())
    }

    fn keep(&mut self, repeat: Repeat, peak_memory_bytes: Option<u64>) -> Result<(), SessionError> {
        let record = RepeatRecord {
            repeat: repeat.repeat,
            cold: repeat.repeat == 1,
            seconds: repeat.seconds,
            bytes: repeat.bytes,
            requests: repeat.requests,
            retries: repeat.retries,
            errors: repeat.errors,
            cpu_user_seconds: repeat.cpu_user_seconds,
            cpu_system_seconds: repeat.cpu_system_seconds,
            peak_memory_bytes,
        };
        self.store.add_repeat(self.run, &record)?;
        if record.is_good() && self.run_lines {
            let gbps = Gbps::of(record.bytes, record.seconds).get();
            terminal::data(&format!("Run:{} Secs:{:.6} Gb/s:{gbps:.6}", record.repeat, record.seconds));
        }
        Ok(())
    }
}
