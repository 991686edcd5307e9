//! A runner that is followed step by step, from its start to its end: who follows decides what comes next.
//!
//! A runner that says `hello` waits for a word before each repeat, so several can be kept warm and take turns. Any
//! other is followed by its run lines and keeps its own count.

use std::time::{Duration, Instant};

use system_measure::ProcessTree;
use tokio_util::sync::CancellationToken;
use workload_schema::Workload;
use workload_schema::event::{CONTROL_RUN, Event, Hello, Repeat, Verified};
use workload_schema::record::{RepeatRecord, Usage};

use super::call::Call;
use super::child::{Runner, Sign};
use super::error::DriveError;
use super::event_pipe::EventPipe;
use super::guard::Guard;
use super::journal::{Journal, JournalError, RunEvent};
use super::outcome::Over;
use super::output::RunLine;
use super::plain::PlainCourse;
use super::usage::UsageMeter;
use super::wall_clock::start_of_repeat;
use workload_schema::RunKey;

/// How long an empty pipe is waited for once the runner has ended.
const LAST_EVENT: Duration = Duration::from_millis(20);

/// What a runner came to next.
#[derive(Debug)]
pub enum Step {
    /// It said hello: it waits for a word.
    Hello,
    /// A repeat has ended. A runner that said hello waits for the next word.
    Repeat(Box<RepeatRecord>),
    /// It compared contents, as it was told to, and waits for the next word.
    Verified(Verified),
    /// Nothing more comes of it.
    Over(Over),
}

/// A running runner and what is known of it.
pub struct Following<'a> {
    run: RunKey,
    workload: &'a Workload,
    timeout: Duration,
    deadline: Instant,
    runner: Runner,
    pipe: EventPipe,
    tree: ProcessTree,
    meter: UsageMeter,
    hello: Option<Hello>,
    repeats: u64,
    plain: PlainCourse,
}

impl<'a> Following<'a> {
    /// Starts a runner; the guard ends it when this process is gone.
    pub fn start(call: &Call<'a>, guard: &mut Guard) -> Result<Self, DriveError> {
        let pipe = EventPipe::new()?;
        let runner = Runner::start(call, pipe.path())
            .map_err(|source| DriveError::Start { program: call.program.to_owned(), source })?;
        guard.watch(runner.pid());
        let tree = ProcessTree::new(runner.pid());
        Ok(Self {
            run: call.run.clone(),
            workload: call.workload,
            timeout: call.timeout,
            deadline: Instant::now() + call.timeout,
            meter: UsageMeter::new(call.endpoint_url, call.server),
            plain: PlainCourse::new(&tree),
            tree,
            runner,
            pipe,
            hello: None,
            repeats: 0,
        })
    }

    /// What it said of itself; none of a plain runner.
    pub fn hello(&self) -> Option<&Hello> {
        self.hello.as_ref()
    }

    /// Repeats that have ended.
    pub fn repeats(&self) -> u64 {
        self.repeats
    }

    /// Longest time without the end of a repeat.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The run.
    pub fn run(&self) -> &RunKey {
        &self.run
    }

    /// The runner, for its words and its end.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Why the figures of a plain runner cannot be true, where that is so.
    pub fn refused(&self) -> Option<&str> {
        self.plain.refused()
    }

    /// Tells it to do one repeat.
    pub async fn begin_repeat(&mut self, journal: &mut dyn Journal) -> Result<(), JournalError> {
        journal.note(&self.run, &RunEvent::RepeatBegins(self.repeats + 1))?;
        self.tree.reset_peak();
        self.meter.begin(&self.tree);
        self.say(CONTROL_RUN).await;
        Ok(())
    }

    /// Says a word after which something is due within the timeout.
    pub async fn say(&mut self, word: &str) {
        self.deadline = Instant::now() + self.timeout;
        self.runner.say(word).await;
    }

    /// Waits for what comes next. Cancel-safe.
    pub async fn step(&mut self, journal: &mut dyn Journal, cancelled: &CancellationToken) -> Result<Step, DriveError> {
        loop {
            let step = tokio::select! {
                // Events and lines first: the last repeat must not be lost to the end of its process.
                biased;
                event = self.pipe.next() => self.take_event(event?, journal)?,
                sign = self.runner.next() => match sign? {
                    Sign::Line(line) => self.take_run_line(line, journal)?,
                    Sign::Ended(status) => Some(Step::Over(Over::Ended(status))),
                },
                () = cancelled.cancelled() => Some(Step::Over(Over::Cancelled)),
                () = self.plain.time_to_look(), if self.hello.is_none() => {
                    self.plain.look(&self.tree);
                    None
                }
                () = tokio::time::sleep_until(self.deadline.into()) => Some(Step::Over(Over::TimedOut)),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Ends it, whatever it does, and answers what it still had to say.
    pub async fn end(&mut self, journal: &mut dyn Journal, guard: &mut Guard) -> Result<Vec<Step>, DriveError> {
        self.runner.stop().await;
        guard.release(self.runner.pid());
        self.runner.heard().await;
        let mut last = Vec::new();
        // Everything it wrote is in the pipe by now, so only an empty pipe makes this wait.
        while let Ok(event) = tokio::time::timeout(LAST_EVENT, self.pipe.next()).await {
            last.extend(self.take_event(event?, journal)?);
        }
        while let Some(line) = self.runner.run_line_now() {
            last.extend(self.take_run_line(line, journal)?);
        }
        Ok(last)
    }

    fn take_event(&mut self, event: Event, journal: &mut dyn Journal) -> Result<Option<Step>, JournalError> {
        let run = &self.run;
        match event {
            Event::Hello(hello) => {
                journal.note(run, &RunEvent::Hello(&hello))?;
                self.hello = Some(hello);
                Ok(Some(Step::Hello))
            }
            Event::Progress(progress) => journal.note(run, &RunEvent::Progress(&progress)).map(|()| None),
            Event::Task(task) => journal.note(run, &RunEvent::Task(&task)).map(|()| None),
            Event::Repeat(repeat) => {
                let record = self.record_of(repeat);
                journal.note(&self.run, &RunEvent::Repeat(&record))?;
                Ok(Some(Step::Repeat(Box::new(record))))
            }
            Event::Verified(verified) => {
                journal.note(run, &RunEvent::Verified(&verified))?;
                Ok(Some(Step::Verified(verified)))
            }
        }
    }

    fn record_of(&mut self, repeat: Repeat) -> RepeatRecord {
        let peak = self.tree.sample().map(|sample| sample.peak_memory_bytes);
        let cpu = repeat.cpu_user_seconds.zip(repeat.cpu_system_seconds).map(|(user, system)| user + system);
        let metered = self.meter.end(&self.tree, cpu);
        self.repeats += 1;
        RepeatRecord {
            repeat: self.repeats,
            cold: self.repeats == 1,
            started_at: repeat.started_at.or_else(|| Some(start_of_repeat(repeat.seconds))),
            seconds: repeat.seconds,
            bytes: repeat.bytes,
            requests: repeat.requests,
            retries: repeat.retries,
            backoff_seconds: repeat.backoff_seconds,
            errors: repeat.errors,
            cpu_user_seconds: repeat.cpu_user_seconds,
            cpu_system_seconds: repeat.cpu_system_seconds,
            peak_memory_bytes: peak.max(repeat.ended_children_peak_bytes),
            usage: Usage {
                context_switches: repeat.context_switches,
                disk_read_bytes: repeat.disk_read_bytes,
                disk_write_bytes: repeat.disk_write_bytes,
                ..metered
            },
        }
    }

    fn take_run_line(&mut self, line: RunLine, journal: &mut dyn Journal) -> Result<Option<Step>, JournalError> {
        // A runner that said hello tells more by its events. One that does not end is not listened to for ever.
        if self.hello.is_some() || self.repeats >= self.workload.max_repeat_count() {
            return Ok(None);
        }
        self.repeats += 1;
        let record = self.plain.repeat(self.repeats, line, self.workload.total_bytes(), &self.tree);
        self.tree.reset_peak();
        self.deadline = Instant::now() + self.timeout;
        // By the time that a run line is read, the next repeat goes on.
        journal.note(&self.run, &RunEvent::RepeatBegins(self.repeats + 1))?;
        journal.note(&self.run, &RunEvent::Repeat(&record))?;
        Ok(Some(Step::Repeat(Box::new(record))))
    }
}
