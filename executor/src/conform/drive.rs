//! One client's process on one form, and the moments between which each of its repeats lay.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use embedded_s3::admin::RequestRecord;
use rustix::time::{ClockId, clock_gettime};
use workload_schema::event::{CONTROL_END, CONTROL_RUN, Event, Hello, Tuned};
use workload_schema::record::{ErrorCount, Outcome};

use super::work::Repeat;
use crate::catalog::Launch;
use crate::run::{Call, Ended, EventPipe, Guard, Runner, Sign};
use crate::runner::Cancelled;
use crate::target::Target;

/// How long an empty pipe is listened to once the process that wrote to it has ended.
const DRAIN: Duration = Duration::from_millis(20);

/// What is started, on what.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The command.
    pub launch: &'a Launch,
    /// The compiled form.
    pub workload: &'a Path,
    /// Repeats to ask for; a runner that does not say hello does what its file says.
    pub repeats: u64,
    /// Working directory.
    pub files_dir: &'a Path,
    /// The server.
    pub target: &'a Target,
    /// The throughput to plan for, in gigabit/s.
    pub gbps: f64,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
}

/// One repeat: its interval on the monotonic clock in nanoseconds, and what the client reported.
#[derive(Debug, Clone)]
pub struct Interval {
    began_ns: u64,
    ended_ns: u64,
    seconds: f64,
}

/// What a process did.
#[derive(Debug)]
pub struct Driven {
    /// What it said of itself; absent for a plain runner.
    pub hello: Option<Hello>,
    /// Its repeats.
    pub intervals: Vec<Interval>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where it is not a success.
    pub reason: Option<String>,
}

/// What is gathered while a process runs.
struct Course {
    driven: Driven,
    errors: Vec<ErrorCount>,
    began_ns: u64,
    deadline: Instant,
}

impl Driven {
    /// The requests of the last repeat among `records`; those that `own` knows as ours are off its clock.
    ///
    /// A plain runner does not say when a repeat begins: all that it does is one repeat's.
    pub fn last_repeat<'a>(&self, records: &'a [RequestRecord], own: impl Fn(&RequestRecord) -> bool) -> Repeat<'a> {
        let Some(last) = self.intervals.last() else { return Repeat::default() };
        let plain = self.hello.is_none();
        let of_last = |record: &&RequestRecord| {
            !own(record) && (plain || (last.began_ns..=last.ended_ns).contains(&record.start_ns))
        };
        let in_another = |record: &RequestRecord| {
            let others = &self.intervals[..self.intervals.len() - 1];
            others.iter().any(|it| (it.began_ns..=it.ended_ns).contains(&record.start_ns))
        };
        let (on, off): (Vec<&RequestRecord>, Vec<&RequestRecord>) = records.iter().partition(of_last);
        let earlier = off.iter().filter(|record| record.start_ns < last.began_ns && !own(record));
        let known_connections: BTreeSet<u64> =
            if plain { BTreeSet::new() } else { earlier.map(|record| record.connection).collect() };
        let off_the_clock = off.into_iter().filter(|record| !in_another(record)).collect();
        Repeat { records: on, off_the_clock, known_connections, seconds: last.seconds }
    }
}

/// Starts the process and follows it to its end.
pub async fn drive(order: &Order<'_>, guard: &mut Guard, cancelled: &mut Cancelled) -> anyhow::Result<Driven> {
    let mut pipe = EventPipe::new()?;
    let events = pipe.path().to_owned();
    let call = Call {
        launch: order.launch,
        workload: order.workload,
        bucket: order.target.bucket.as_str(),
        target: order.gbps,
        files_dir: order.files_dir,
        connection: &order.target.connection,
        events: &events,
        tuned: Tuned::default(),
    };
    let mut course = Course::begin(order);
    let mut runner = match Runner::start(&call) {
        Ok(runner) => runner,
        Err(error) => {
            let program = order.launch.program.display();
            return Ok(course.ended(Outcome::Failed, format!("cannot start {program}: {error}")));
        }
    };
    guard.watch(runner.pid());
    let followed = course.follow(order, &mut runner, &mut pipe, cancelled).await;
    if !matches!(followed, Ok(Some(_))) {
        runner.stop().await;
    }
    runner.kill_group();
    guard.release(runner.pid());
    runner.heard().await;
    let ended = followed?.map(|ended| ended.unwrap_or_else(|status| runner.ended(status)));
    course.drain(&mut runner, &mut pipe).await?;
    Ok(course.end(ended))
}

/// How following ended: with its process, by our patience, or (none) by the user's wish.
type Followed = Option<Result<Ended, std::process::ExitStatus>>;

impl Course {
    fn begin(order: &Order<'_>) -> Self {
        let driven = Driven { hello: None, intervals: Vec::new(), outcome: Outcome::Unfinished, reason: None };
        Self { driven, errors: Vec::new(), began_ns: now_ns(), deadline: Instant::now() + order.timeout }
    }

    async fn follow(
        &mut self,
        order: &Order<'_>,
        runner: &mut Runner,
        pipe: &mut EventPipe,
        cancelled: &mut Cancelled,
    ) -> anyhow::Result<Followed> {
        loop {
            tokio::select! {
                // Events and lines first: the last repeat must not be lost to the end of its process.
                biased;
                event = pipe.next() => if let Some(word) = self.on_event(event?, order) {
                    runner.say(word).await;
                },
                sign = runner.next() => match sign? {
                    Sign::Line(line) => self.on_line(line.seconds),
                    Sign::Ended(status) => return Ok(Some(Err(status))),
                },
                () = cancelled.wait() => return Ok(None),
                () = tokio::time::sleep_until(self.deadline.into()) => {
                    let seconds = order.timeout.as_secs();
                    runner.stop().await;
                    return Ok(Some(Ok(Ended::Failed(format!("no repeat ended within {seconds} s (--timeout)")))));
                }
            }
        }
    }

    /// Notes the event; answers what to say to it.
    fn on_event(&mut self, event: Event, order: &Order<'_>) -> Option<&'static str> {
        match event {
            Event::Hello(hello) => self.driven.hello = Some(hello),
            Event::Repeat(repeat) => {
                self.note(repeat.seconds);
                self.errors.extend(repeat.errors);
                if !self.errors.is_empty() || self.driven.intervals.len() as u64 >= order.repeats {
                    return Some(CONTROL_END);
                }
            }
            Event::Progress(_) | Event::Task(_) | Event::Verified(_) => return None,
        }
        self.deadline = Instant::now() + order.timeout;
        self.began_ns = now_ns();
        Some(CONTROL_RUN)
    }

    fn on_line(&mut self, seconds: f64) {
        // A runner that said hello tells more by its events.
        if self.driven.hello.is_none() {
            self.note(seconds);
        }
    }

    fn note(&mut self, seconds: f64) {
        self.driven.intervals.push(Interval { began_ns: self.began_ns, ended_ns: now_ns(), seconds });
    }

    /// Takes what the runner still had to say when it ended.
    async fn drain(&mut self, runner: &mut Runner, pipe: &mut EventPipe) -> std::io::Result<()> {
        while let Ok(event) = tokio::time::timeout(DRAIN, pipe.next()).await {
            match event? {
                Event::Hello(hello) => self.driven.hello = Some(hello),
                Event::Repeat(repeat) => {
                    self.note(repeat.seconds);
                    self.errors.extend(repeat.errors);
                }
                Event::Progress(_) | Event::Task(_) | Event::Verified(_) => {}
            }
        }
        while let Some(line) = runner.run_line_now() {
            self.on_line(line.seconds);
        }
        Ok(())
    }

    fn end(self, ended: Option<Ended>) -> Driven {
        match ended {
            None => self.ended(Outcome::Interrupted, "by Ctrl-C or SIGTERM".to_owned()),
            Some(Ended::Skipped(reason)) => self.ended(Outcome::Skipped, reason),
            Some(Ended::Failed(reason)) => self.ended(Outcome::Failed, reason),
            Some(Ended::Done) => match (self.errors.first().cloned(), self.driven.intervals.is_empty()) {
                (Some(error), _) => self.ended(Outcome::Failed, error.message),
                (None, true) => self.ended(Outcome::Failed, "it ended well, but without a single repeat".to_owned()),
                (None, false) => Driven { outcome: Outcome::Succeeded, ..self.driven },
            },
        }
    }

    fn ended(self, outcome: Outcome, reason: String) -> Driven {
        Driven { outcome, reason: Some(reason), ..self.driven }
    }
}

/// The clock of the server's records.
fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}
