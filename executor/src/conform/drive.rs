//! One client's process on one form, and the moments between which each of its repeats lay.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use embedded_s3::admin::RequestRecord;
use rustix::time::{ClockId, clock_gettime};
use workload_schema::Workload;
use workload_schema::event::{CONTROL_END, Hello, Tuned};
use workload_schema::record::Outcome;

use super::work::Repeat;
use crate::run::{Call, Ended, EventPipe, Following, Guard, Step};
use crate::store::Store;
use crate::watch::Watchers;
use client_runner::Cancelled;
use run_records::results_file::RunId;
use s3_clients::catalog::Launch;

/// What is started, on what.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The command.
    pub launch: &'a Launch,
    /// What is to be done.
    pub workload: &'a Workload,
    /// The file that says so.
    pub file: &'a Path,
    /// Repeats to ask for; a runner that does not say hello does what its file says.
    pub repeats: u64,
    /// Working directory.
    pub files_dir: &'a Path,
    /// The server.
    pub target: &'a Store,
    /// The throughput to plan for, in gigabit/s.
    pub gbps: f64,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
    /// Whether the runner records its tasks.
    pub record_tasks: bool,
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

impl Interval {
    /// Seconds that the client reported.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
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
    let pipe = EventPipe::new()?;
    let events = pipe.path().to_owned();
    let call = Call {
        launch: order.launch,
        workload: order.file,
        bucket: order.target.bucket.as_str(),
        target: order.gbps,
        files_dir: order.files_dir,
        connection: &order.target.connection,
        events: &events,
        tuned: Tuned::default(),
        record_tasks: order.record_tasks,
        server: None,
    };
    let mut course = Course { intervals: Vec::new(), began_ns: now_ns(), failed: None };
    let run = RunId::new(1).expect("from 1");
    let mut following = match Following::start(&call, pipe, order.workload, run, order.timeout, guard) {
        Ok(following) => following,
        Err(error) => {
            let program = order.launch.program.display();
            return Ok(course.end(None, Outcome::Failed, Some(format!("cannot start {program}: {error}"))));
        }
    };
    let mut nobody = Watchers::nobody();
    let followed = course.follow(order, &mut following, cancelled, &mut nobody).await;
    let last = following.end(guard, &mut nobody).await?;
    let followed = followed?;
    for step in last {
        course.take(&step);
    }
    Ok(course.judge(&following, &followed))
}

/// What is gathered while a process runs.
struct Course {
    intervals: Vec<Interval>,
    began_ns: u64,
    failed: Option<String>,
}

impl Course {
    async fn follow(
        &mut self,
        order: &Order<'_>,
        following: &mut Following<'_>,
        cancelled: &mut Cancelled,
        watchers: &mut Watchers,
    ) -> anyhow::Result<Step> {
        loop {
            let step = following.step(cancelled, watchers).await?;
            self.take(&step);
            match step {
                Step::Ended(_) | Step::Cancelled | Step::TimedOut => return Ok(step),
                Step::Hello | Step::Repeat(..) | Step::Verified(_) if following.hello().is_none() => {}
                _ if self.failed.is_some() || following.repeats() >= order.repeats => following.say(CONTROL_END).await,
                _ => {
                    self.began_ns = now_ns();
                    following.begin_repeat(watchers).await;
                }
            }
        }
    }

    fn take(&mut self, step: &Step) {
        if let Step::Repeat(record, _) = step {
            let interval = Interval { began_ns: self.began_ns, ended_ns: now_ns(), seconds: record.seconds };
            self.intervals.push(interval);
            if let Some(error) = record.errors.first() {
                self.failed.get_or_insert_with(|| error.message.clone());
            }
        }
    }

    fn judge(self, following: &Following<'_>, followed: &Step) -> Driven {
        let hello = following.hello().cloned();
        let (outcome, reason) = match followed {
            Step::Cancelled => (Outcome::Interrupted, "by Ctrl-C or SIGTERM".to_owned()),
            Step::Ended(status) => match following.runner().ended(*status) {
                Ended::Skipped(reason) => (Outcome::Skipped, reason),
                Ended::Failed(reason) => (Outcome::Failed, reason),
                Ended::Done => match (&self.failed, self.intervals.is_empty()) {
                    (Some(reason), _) => (Outcome::Failed, reason.clone()),
                    (None, true) => (Outcome::Failed, "it ended well, but without a single repeat".to_owned()),
                    (None, false) => return self.end(hello, Outcome::Succeeded, None),
                },
            },
            _ => (Outcome::Failed, "no repeat ended in time (--timeout)".to_owned()),
        };
        self.end(hello, outcome, Some(reason))
    }

    fn end(self, hello: Option<Hello>, outcome: Outcome, reason: Option<String>) -> Driven {
        Driven { hello, intervals: self.intervals, outcome, reason }
    }
}

/// The clock of the server's records.
fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}
