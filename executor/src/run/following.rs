//! A runner that is followed step by step, from its start to its end: who follows decides what comes next.
//!
//! A runner that says `hello` waits for a word before each repeat, so several can be kept warm and take turns. Any
//! other is followed by its run lines and keeps its own count.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use workload_schema::Workload;
use workload_schema::event::{CONTROL_RUN, Event, Hello, Repeat, Verified};
use workload_schema::record::{ErrorCount, ErrorKind, RepeatRecord, Usage};

use super::child::{Call, Runner, Sign};
use super::event_pipe::EventPipe;
use super::guard::Guard;
use super::output::RunLine;
use super::usage::UsageMeter;
use crate::watch::{Sight, Watchers};
use client_runner::Cancelled;
use run_records::results_file::{Recording, RunId};
use system_measure::{CpuTime, ProcessTree};

/// How often a plain runner is looked at; a look costs a millisecond or two.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What a runner came to next.
#[derive(Debug)]
pub enum Step {
    /// It said hello: it waits for a word.
    Hello,
    /// A repeat has ended. A runner that said hello waits for the next word.
    Repeat(Box<RepeatRecord>, Recording),
    /// It compared contents, as it was told to, and waits for the next word.
    Verified(Verified),
    /// Its process has ended by itself.
    Ended(ExitStatus),
    /// The user wants to stop.
    Cancelled,
    /// No repeat ended in time.
    TimedOut,
}

/// A running runner and what is known of it.
pub struct Following<'a> {
    workload: &'a Workload,
    run: RunId,
    timeout: Duration,
    runner: Runner,
    pipe: EventPipe,
    tree: ProcessTree,
    meter: UsageMeter,
    hello: Option<Hello>,
    repeats: u64,
    recording: Recording,
    plain: PlainCourse,
    deadline: Instant,
}

/// What has to be looked at from time to time where a runner does not say when its repeats begin and end.
struct PlainCourse {
    /// CPU time of the tree when the present repeat began.
    cpu: Option<CpuTime>,
    /// Highest memory seen in this repeat: its processes may be gone when it ends.
    peak: u64,
    looks: tokio::time::Interval,
    /// What it said that cannot be.
    refused: Option<String>,
}

impl<'a> Following<'a> {
    /// Starts a runner; the guard ends it when this process is gone.
    pub fn start(
        call: &Call<'_>,
        pipe: EventPipe,
        workload: &'a Workload,
        run: RunId,
        timeout: Duration,
        guard: &mut Guard,
    ) -> std::io::Result<Self> {
        let runner = Runner::start(call)?;
        guard.watch(runner.pid());
        let tree = ProcessTree::new(runner.pid());
        Ok(Self {
            workload,
            run,
            timeout,
            plain: PlainCourse {
                cpu: tree.sample().map(|sample| sample.cpu),
                peak: 0,
                looks: tokio::time::interval(LOOK_EVERY),
                refused: None,
            },
            meter: UsageMeter::new(call.connection.endpoint_url.as_deref(), call.server),
            tree,
            runner,
            pipe,
            hello: None,
            repeats: 0,
            recording: Recording::default(),
            deadline: Instant::now() + timeout,
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

    /// The runner, for its words and its end.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// What it said that cannot be, where it did.
    pub fn refused(&self) -> Option<&str> {
        self.plain.refused.as_deref()
    }

    /// Tells it to do one repeat.
    pub async fn begin_repeat(&mut self, watchers: &mut Watchers) {
        watchers.see(self.run, &Sight::RepeatBegins(self.repeats + 1));
        self.tree.reset_peak();
        self.meter.begin(&self.tree);
        self.say(CONTROL_RUN).await;
    }

    /// Says a word after which something is due within the timeout.
    pub async fn say(&mut self, word: &str) {
        self.deadline = Instant::now() + self.timeout;
        self.runner.say(word).await;
    }

    /// Waits for what comes next. Cancel-safe.
    pub async fn step(&mut self, cancelled: &mut Cancelled, watchers: &mut Watchers) -> std::io::Result<Step> {
        loop {
            let step = tokio::select! {
                // Events and lines first: the last repeat must not be lost to the end of its process.
                biased;
                event = self.pipe.next() => self.take_event(event?, watchers),
                sign = self.runner.next() => match sign? {
                    Sign::Line(line) => self.take_run_line(line, watchers),
                    Sign::Ended(status) => Some(Step::Ended(status)),
                },
                () = cancelled.wait() => Some(Step::Cancelled),
                _ = self.plain.looks.tick(), if self.hello.is_none() => {
                    self.plain.peak = self.plain.peak.max(self.tree.sample().map_or(0, |now| now.peak_memory_bytes));
                    None
                }
                () = tokio::time::sleep_until(self.deadline.into()) => Some(Step::TimedOut),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Ends it, whatever it does, and answers what it still had to say.
    pub async fn end(&mut self, guard: &mut Guard, watchers: &mut Watchers) -> std::io::Result<Vec<Step>> {
        self.runner.stop().await;
        guard.release(self.runner.pid());
        self.runner.heard().await;
        let mut last = Vec::new();
        // Everything it wrote is in the pipe by now, so only an empty pipe makes this wait.
        while let Ok(event) = tokio::time::timeout(Duration::from_millis(20), self.pipe.next()).await {
            last.extend(self.take_event(event?, watchers));
        }
        while let Some(line) = self.runner.run_line_now() {
            last.extend(self.take_run_line(line, watchers));
        }
        Ok(last)
    }

    fn take_event(&mut self, event: Event, watchers: &mut Watchers) -> Option<Step> {
        match event {
            Event::Hello(hello) => {
                watchers.see(self.run, &Sight::Hello(&hello));
                self.hello = Some(hello);
                Some(Step::Hello)
            }
            Event::Progress(progress) => {
                watchers.see(self.run, &Sight::Progress(&progress));
                self.recording.add_progress(&progress);
                None
            }
            Event::Task(task) => {
                watchers.see(self.run, &Sight::Task(&task));
                // One that the workload does not have could not be read back.
                if task.task < self.workload.tasks.len() as u64 {
                    self.recording.add_task(task);
                }
                None
            }
            Event::Repeat(repeat) => Some(self.take_repeat(repeat)),
            Event::Verified(verified) => Some(Step::Verified(verified)),
        }
    }

    fn take_repeat(&mut self, repeat: Repeat) -> Step {
        let peak = self.tree.sample().map(|sample| sample.peak_memory_bytes);
        let cpu = repeat.cpu_user_seconds.zip(repeat.cpu_system_seconds).map(|(user, system)| user + system);
        let metered = self.meter.end(&self.tree, cpu);
        self.repeats += 1;
        let record = RepeatRecord {
            repeat: self.repeats,
            cold: self.repeats == 1,
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
        };
        Step::Repeat(Box::new(record), std::mem::take(&mut self.recording))
    }

    fn take_run_line(&mut self, line: RunLine, watchers: &mut Watchers) -> Option<Step> {
        // A runner that said hello tells more by its events. One that does not end is not listened to for ever.
        if self.hello.is_some() || self.repeats >= self.workload.max_repeat_count {
            return None;
        }
        let bytes = self.workload.total_bytes();
        let sample = self.tree.sample();
        let used = sample.as_ref().zip(self.plain.cpu).map(|(sample, before)| sample.cpu.since(before));
        self.plain.cpu = sample.as_ref().map(|sample| sample.cpu);
        self.repeats += 1;
        let seen = Some(std::mem::take(&mut self.plain.peak)).filter(|peak| *peak > 0);
        let record = RepeatRecord {
            repeat: self.repeats,
            cold: self.repeats == 1,
            seconds: line.seconds,
            bytes,
            requests: None,
            retries: None,
            backoff_seconds: None,
            errors: self.refuse(line, bytes),
            cpu_user_seconds: used.map(|used| used.user_seconds),
            cpu_system_seconds: used.map(|used| used.system_seconds),
            peak_memory_bytes: sample.map(|sample| sample.peak_memory_bytes).max(seen),
            usage: Usage::default(),
        };
        self.tree.reset_peak();
        self.deadline = Instant::now() + self.timeout;
        watchers.see(self.run, &Sight::RepeatBegins(self.repeats + 1));
        Some(Step::Repeat(Box::new(record), Recording::default()))
    }

    /// What is wrong with a run line, if anything is.
    fn refuse(&mut self, line: RunLine, bytes: u64) -> Vec<ErrorCount> {
        if line.is_about(bytes) {
            return Vec::new();
        }
        let message = format!(
            "the runner says {} Gb/s for {} s, which is not the {bytes} bytes of this workload",
            line.gbps, line.seconds
        );
        self.plain.refused.get_or_insert_with(|| message.clone());
        vec![ErrorCount { kind: ErrorKind::Runner, http_status: None, s3_code: None, message, count: 1 }]
    }
}
