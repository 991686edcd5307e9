//! One client on one workload: its process driven repeat by repeat, and what came of it stored.
//!
//! A runner that says `hello` speaks the extended form and is told when to begin; any other is followed by its run
//! lines and keeps its own count.

use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use workload_schema::event::{CONTROL_END, CONTROL_RUN, CONTROL_VERIFY, Event, Hello, Repeat, Verified};
use workload_schema::record::{ErrorCount, ErrorKind, Outcome, RepeatRecord, Usage};
use workload_schema::{Gbps, Workload};

use super::child::{Call, Ended, Runner, Sign};
use super::event_pipe::EventPipe;
use super::guard::Guard;
use super::output::RunLine;
use super::verification;
use crate::measure::{CpuTime, ProcessTree};
use crate::runner::Cancelled;
use crate::store::{Recording, RunId, Store, StoreError};
use crate::terminal::{self, Progress};

/// Why a run could not be driven to its end.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The results file; the run goes no further, as its repeats would be lost.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The process or its pipe.
    #[error("cannot follow the client: {0}")]
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

impl SessionEnd {
    fn failed(reason: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, reason: Some(reason.into()) }
    }
}

/// How often a plain runner is looked at; a look costs a millisecond or two.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Drives one runner.
pub struct Session<'a> {
    /// The workload, for its limits and sizes.
    pub workload: &'a Workload,
    /// Where files are.
    pub files_dir: &'a Path,
    /// Where repeats are stored.
    pub store: &'a mut Store,
    /// The run they belong to.
    pub run: RunId,
    /// Title of the progress bar.
    pub title: &'a str,
    /// Whether run lines are printed.
    pub run_lines: bool,
    /// Whether contents are compared.
    pub verify: bool,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
}

/// How following a runner ended.
enum Followed {
    Ended(ExitStatus),
    Cancelled,
    TimedOut,
}

/// What is known of the runner while it is followed.
struct Course {
    began: Instant,
    deadline: Instant,
    tree: ProcessTree,
    hello: Option<Hello>,
    /// Repeats that ended.
    repeats: u64,
    /// CPU time of the tree when the present repeat of a plain runner began.
    cpu: Option<CpuTime>,
    /// Highest memory seen in this repeat of a plain runner, whose processes may be gone when it ends.
    peak: u64,
    looks: tokio::time::Interval,
    verified: Option<Verified>,
    /// What went wrong in our own checks.
    refused: Option<String>,
    bar: Progress,
}

impl Session<'_> {
    /// Runs `call` to its end, or until `cancelled`.
    pub async fn drive(
        &mut self,
        call: &Call<'_>,
        pipe: &mut EventPipe,
        guard: &mut Guard,
        cancelled: &mut Cancelled,
    ) -> Result<SessionEnd, SessionError> {
        let mut runner = match Runner::start(call) {
            Ok(runner) => runner,
            Err(error) => {
                let program = call.launch.program.display();
                return Ok(SessionEnd::failed(format!("cannot start {program}: {error}")));
            }
        };
        guard.watch(runner.pid());
        let mut course = self.course(&runner);
        let result = self.follow(&mut runner, &mut course, pipe, cancelled).await;
        if !matches!(result, Ok(Followed::Ended(_))) {
            runner.stop().await;
        }
        runner.kill_group();
        guard.release(runner.pid());
        runner.heard().await;
        let followed = result?;
        self.drain(&mut runner, &mut course, pipe).await?;
        if let Some(verified) = &course.verified {
            self.store.set_verified(self.run, verified)?;
        }
        Ok(self.end(&runner, &course, &followed))
    }

    fn course(&self, runner: &Runner) -> Course {
        let tree = ProcessTree::new(runner.pid());
        let began = Instant::now();
        Course {
            began,
            deadline: began + self.timeout,
            cpu: tree.sample().map(|sample| sample.cpu),
            tree,
            hello: None,
            repeats: 0,
            peak: 0,
            looks: tokio::time::interval(LOOK_EVERY),
            verified: None,
            refused: None,
            bar: self.bar(1),
        }
    }

    fn bar(&self, repeat: u64) -> Progress {
        terminal::byte_bar(&format!("{} repeat {repeat}", self.title), self.workload.total_bytes())
    }

    /// What it all comes to.
    fn end(&self, runner: &Runner, course: &Course, followed: &Followed) -> SessionEnd {
        let status = match followed {
            Followed::Cancelled => {
                let reason = Some("by Ctrl-C or SIGTERM".to_owned());
                return SessionEnd { outcome: Outcome::Interrupted, reason };
            }
            Followed::TimedOut => {
                let words = runner.last_words().map(|words| format!("; its last words: {words}")).unwrap_or_default();
                let seconds = self.timeout.as_secs_f64();
                return SessionEnd::failed(format!("no repeat ended within {seconds} s (--timeout){words}"));
            }
            Followed::Ended(status) => *status,
        };
        match (runner.ended(status), &course.refused) {
            (_, Some(refused)) => SessionEnd::failed(refused),
            (Ended::Done, None) if course.repeats == 0 => {
                let words = runner.last_words().map(|words| format!("; its last words: {words}")).unwrap_or_default();
                SessionEnd::failed(format!("the runner ended well, but without a single repeat{words}"))
            }
            (Ended::Done, None) => SessionEnd { outcome: Outcome::Succeeded, reason: None },
            (Ended::Skipped(reason), None) => SessionEnd { outcome: Outcome::Skipped, reason: Some(reason) },
            (Ended::Failed(reason), None) => SessionEnd::failed(reason),
        }
    }

    async fn follow(
        &mut self,
        runner: &mut Runner,
        course: &mut Course,
        pipe: &mut EventPipe,
        cancelled: &mut Cancelled,
    ) -> Result<Followed, SessionError> {
        loop {
            tokio::select! {
                // Events and lines first: the last repeat must not be lost to the end of its process.
                biased;
                event = pipe.next() => self.on_event(event?, runner, course).await?,
                sign = runner.next() => match sign? {
                    Sign::Line(line) => self.on_run_line(line, course)?,
                    Sign::Ended(status) => return Ok(Followed::Ended(status)),
                },
                () = cancelled.wait() => return Ok(Followed::Cancelled),
                _ = course.looks.tick(), if course.hello.is_none() => course.look(),
                () = tokio::time::sleep_until(course.deadline.into()) => return Ok(Followed::TimedOut),
            }
        }
    }

    async fn on_event(&mut self, event: Event, runner: &mut Runner, course: &mut Course) -> Result<(), SessionError> {
        match event {
            Event::Hello(hello) => {
                self.store.set_hello(self.run, &hello)?;
                course.hello = Some(hello);
                course.began = Instant::now();
                self.begin(runner, course).await;
            }
            Event::Progress(progress) => course.bar.set(progress.bytes),
            Event::Task(_) => {}
            Event::Repeat(repeat) => {
                let good = repeat.errors.is_empty();
                self.keep_repeat(repeat, course)?;
                if good && self.verify && !self.files_are_right(course).await {
                    runner.say(CONTROL_END).await;
                } else if good && self.wants_more(course) {
                    self.begin(runner, course).await;
                } else if good && self.verify && drops_downloads(self.workload) && course.can_verify() {
                    course.deadline = Instant::now() + self.timeout;
                    runner.say(CONTROL_VERIFY).await;
                } else {
                    runner.say(CONTROL_END).await;
                }
            }
            Event::Verified(verified) => {
                course.note_verified(verified);
                runner.say(CONTROL_END).await;
            }
        }
        Ok(())
    }

    async fn begin(&self, runner: &mut Runner, course: &mut Course) {
        course.bar = self.bar(course.repeats + 1);
        course.deadline = Instant::now() + self.timeout;
        course.tree.reset_peak();
        runner.say(CONTROL_RUN).await;
    }

    /// Whether another repeat is due by the limits of contract 4.
    fn wants_more(&self, course: &Course) -> bool {
        course.repeats < self.workload.max_repeat_count
            && course.began.elapsed() < Duration::from_secs(self.workload.max_repeat_secs)
    }

    /// Compares what the last repeat downloaded; false where it is wrong.
    async fn files_are_right(&self, course: &mut Course) -> bool {
        let verified = verification::downloads(self.workload, self.files_dir, true).await;
        let right = verified.errors.is_empty();
        if verified.tasks > 0 || !right {
            course.note_verified(verified);
        }
        right
    }

    fn on_run_line(&mut self, line: RunLine, course: &mut Course) -> Result<(), SessionError> {
        // A runner that said hello tells more by its events. One that does not end is not listened to for ever.
        if course.hello.is_some() || course.repeats >= self.workload.max_repeat_count {
            return Ok(());
        }
        let bytes = self.workload.total_bytes();
        let mut errors = Vec::new();
        if !line.is_about(bytes) {
            let message = format!(
                "the runner says {} Gb/s for {} s, which is not the {bytes} bytes of this workload",
                line.gbps, line.seconds
            );
            course.refused.get_or_insert_with(|| message.clone());
            errors.push(ErrorCount { kind: ErrorKind::Runner, http_status: None, s3_code: None, message, count: 1 });
        }
        let sample = course.tree.sample();
        let used = sample.as_ref().zip(course.cpu).map(|(sample, before)| sample.cpu.since(before));
        course.cpu = sample.as_ref().map(|sample| sample.cpu);
        course.repeats += 1;
        self.keep(&RepeatRecord {
            repeat: course.repeats,
            cold: course.repeats == 1,
            seconds: line.seconds,
            bytes,
            requests: None,
            retries: None,
            errors,
            cpu_user_seconds: used.map(|used| used.user_seconds),
            cpu_system_seconds: used.map(|used| used.system_seconds),
            peak_memory_bytes: sample
                .map(|sample| sample.peak_memory_bytes)
                .max(Some(course.peak).filter(|peak| *peak > 0)),
            backoff_seconds: None,
            usage: Usage::default(),
        })?;
        course.peak = 0;
        course.tree.reset_peak();
        course.deadline = Instant::now() + self.timeout;
        course.bar = self.bar(course.repeats + 1);
        Ok(())
    }

    /// Takes what the runner still had to say when it ended.
    async fn drain(
        &mut self,
        runner: &mut Runner,
        course: &mut Course,
        pipe: &mut EventPipe,
    ) -> Result<(), SessionError> {
        // Everything it wrote is in the pipe by now, so only an empty pipe makes this wait.
        while let Ok(event) = tokio::time::timeout(Duration::from_millis(20), pipe.next()).await {
            match event? {
                Event::Hello(hello) => {
                    self.store.set_hello(self.run, &hello)?;
                    course.hello = Some(hello);
                }
                Event::Repeat(repeat) => self.keep_repeat(repeat, course)?,
                Event::Verified(verified) => course.note_verified(verified),
                Event::Progress(_) | Event::Task(_) => {}
            }
        }
        while let Some(line) = runner.run_line_now() {
            self.on_run_line(line, course)?;
        }
        Ok(())
    }

    fn keep_repeat(&mut self, repeat: Repeat, course: &mut Course) -> Result<(), SessionError> {
        let peak = course.tree.sample().map(|sample| sample.peak_memory_bytes);
        course.repeats += 1;
        self.keep(&RepeatRecord {
            repeat: course.repeats,
            cold: course.repeats == 1,
            seconds: repeat.seconds,
            bytes: repeat.bytes,
            requests: repeat.requests,
            retries: repeat.retries,
            errors: repeat.errors,
            cpu_user_seconds: repeat.cpu_user_seconds,
            cpu_system_seconds: repeat.cpu_system_seconds,
            peak_memory_bytes: peak.max(repeat.ended_children_peak_bytes),
            backoff_seconds: repeat.backoff_seconds,
            usage: Usage::default(),
        })
    }

    fn keep(&mut self, record: &RepeatRecord) -> Result<(), SessionError> {
        self.store.add_repeat(self.run, record, Recording::default())?;
        if record.is_good() && self.run_lines {
            let gbps = Gbps::of(record.bytes, record.seconds).get();
            terminal::data(&format!("Run:{} Secs:{:.6} Gb/s:{gbps:.6}", record.repeat, record.seconds));
        }
        Ok(())
    }
}

impl Course {
    /// Looks at the memory of a plain runner and all that it started.
    fn look(&mut self) {
        self.peak = self.peak.max(self.tree.sample().map_or(0, |sample| sample.peak_memory_bytes));
    }

    fn can_verify(&self) -> bool {
        self.hello.as_ref().is_some_and(|hello| hello.verifies_content)
    }

    /// Adds what was compared; anything wrong fails the run.
    fn note_verified(&mut self, more: Verified) {
        if let Some(error) = more.errors.first() {
            self.refused.get_or_insert_with(|| format!("not the content that it must be: {}", error.message));
        }
        match &mut self.verified {
            Some(verified) => {
                verified.tasks += more.tasks;
                verified.bytes += more.bytes;
                verified.errors.extend(more.errors);
            }
            None => self.verified = Some(more),
        }
    }
}

/// Whether the workload has downloads that leave nothing behind.
fn drops_downloads(workload: &Workload) -> bool {
    !workload.files_on_disk && workload.tasks.iter().any(|task| task.action == workload_schema::Action::Download)
}
