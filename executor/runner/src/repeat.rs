//! One repeat: all jobs, as many at once as the client wants, on the clock from the first start to the last end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use tokio::task::JoinSet;
use workload_schema::{ErrorCount, ErrorKind};

use super::samples::{RoughLatency, Sample};
use s3_clients::endpoint::{Failure, tally};
use s3_clients::{Client, Job, Moved, TaskDone};

/// What one repeat came to.
#[derive(Debug)]
pub struct Outcome {
    /// Seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes verified to have moved by tasks that succeeded.
    pub bytes: u64,
    /// Failed tasks by cause.
    pub errors: Vec<ErrorCount>,
    /// Each task that ended, where that is recorded.
    pub samples: Vec<Vec<Sample>>,
}

/// What the workers of a repeat share, and what its progress is read from.
#[derive(Debug)]
pub struct Shared {
    /// The start of the repeat: what times of tasks count from.
    pub base: Instant,
    /// Bytes moved so far.
    pub moved: Arc<Moved>,
    /// Tasks ended so far.
    pub tasks_done: AtomicU64,
    /// How long tasks took so far, where they are recorded.
    pub latency: Option<RoughLatency>,
    begun: AtomicUsize,
    failed: AtomicBool,
}

impl Shared {
    /// Nothing done yet; `recorded` says whether each task is to be kept.
    pub fn new(recorded: bool) -> Self {
        Self {
            base: Instant::now(),
            moved: Arc::default(),
            tasks_done: AtomicU64::default(),
            latency: recorded.then(RoughLatency::default),
            begun: AtomicUsize::default(),
            failed: AtomicBool::default(),
        }
    }

    /// Of `tasks`, those that have begun and not ended.
    pub fn in_flight(&self, tasks: usize) -> u64 {
        // Workers that found nothing more to do have counted on.
        let begun = self.begun.load(Relaxed).min(tasks) as u64;
        begun.saturating_sub(self.tasks_done.load(Relaxed))
    }
}

/// What one worker saw.
struct Seen {
    first_start: Instant,
    last_end: Instant,
    bytes: u64,
    errors: Vec<ErrorCount>,
    samples: Vec<Sample>,
}

/// Runs all `jobs`. After a failure no further task is started; those in flight end.
/// Dropping the future stops everything.
pub async fn run(client: &Arc<dyn Client>, jobs: &Arc<[Job]>, shared: &Arc<Shared>) -> Outcome {
    let mut workers = JoinSet::new();
    let count = client.tasks_in_flight().clamp(1, jobs.len().max(1));
    // Reserved before any task begins: room for an even share, and more where workers are unlike each other.
    let share = if shared.latency.is_some() { jobs.len() / count * 5 / 4 + 16 } else { 0 };
    for samples in std::iter::repeat_with(|| room_for(share)).take(count) {
        workers.spawn(work(Arc::clone(client), Arc::clone(jobs), Arc::clone(shared), samples));
    }
    let mut all = Vec::new();
    while let Some(joined) = workers.join_next().await {
        match joined {
            Ok(seen) => all.extend(seen),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => {}
        }
    }
    summarise(all)
}

/// An empty vector whose memory was touched: its pages must not be fetched from the kernel while the clock runs, which
/// would cost more than all else that is done for a task.
fn room_for(samples: usize) -> Vec<Sample> {
    let mut room = Vec::new();
    room.resize(samples, Sample::nothing());
    room.clear();
    room
}

async fn work(client: Arc<dyn Client>, jobs: Arc<[Job]>, shared: Arc<Shared>, samples: Vec<Sample>) -> Option<Seen> {
    let mut samples = Some(samples);
    let mut seen: Option<Seen> = None;
    while !shared.failed.load(Relaxed) {
        let index = shared.begun.fetch_add(1, Relaxed);
        let Some(job) = jobs.get(index) else { break };
        let start = Instant::now();
        let result = client.run(job, &shared.moved).await;
        let end = Instant::now();
        shared.tasks_done.fetch_add(1, Relaxed);
        let seen = seen.get_or_insert_with(|| Seen {
            first_start: start,
            last_end: end,
            bytes: 0,
            errors: Vec::new(),
            samples: samples.take().unwrap_or_default(),
        });
        seen.last_end = end;
        let result = result.and_then(|done| checked(job, done));
        if let Some(latency) = &shared.latency {
            latency.add(end - start);
            seen.samples.push(sample(index, start, end, &result));
        }
        match result {
            Ok(done) => seen.bytes += done.bytes,
            Err(failure) => {
                shared.failed.store(true, Relaxed);
                tally(&mut seen.errors, failure);
            }
        }
    }
    seen
}

fn sample(index: usize, start: Instant, end: Instant, result: &Result<TaskDone, Failure>) -> Sample {
    Sample {
        task: u32::try_from(index).unwrap_or(u32::MAX),
        start,
        end,
        first_byte: result.as_ref().ok().and_then(|done| done.first_byte),
        bytes: result.as_ref().map_or(0, |done| done.bytes),
        error: result.as_ref().err().map(|failure| failure.kind),
    }
}

/// Bytes count only if all of them moved.
fn checked(job: &Job, done: TaskDone) -> Result<TaskDone, Failure> {
    let bytes = done.bytes;
    if bytes == job.size {
        return Ok(done);
    }
    let message = format!("{} {}: {bytes} bytes moved where {} are expected", job.operation, job.key, job.size);
    Err(Failure::local(ErrorKind::Integrity, message))
}

fn summarise(all: Vec<Seen>) -> Outcome {
    let first = all.iter().map(|seen| seen.first_start).min();
    let last = all.iter().map(|seen| seen.last_end).max();
    let seconds = first.zip(last).map_or(0.0, |(first, last)| last.duration_since(first).as_secs_f64());
    let mut outcome = Outcome { seconds, bytes: 0, errors: Vec::new(), samples: Vec::new() };
    for seen in all {
        outcome.bytes += seen.bytes;
        outcome.samples.push(seen.samples);
        for error in seen.errors {
            match outcome.errors.iter_mut().find(|known| {
                (known.kind, known.http_status, &known.s3_code) == (error.kind, error.http_status, &error.s3_code)
            }) {
                Some(known) => known.count += error.count,
                None => outcome.errors.push(error),
            }
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;
    use workload_schema::event::Hello;
    use workload_schema::{ObjectKey, Operation};

    use super::*;
    use s3_clients::{Counters, DataPlace, TaskFuture};

    /// A client that moves one byte too few for keys that end in `short`.
    struct Scripted;

    impl Client for Scripted {
        fn hello(&self) -> Hello {
            unreachable!("a repeat asks for no hello")
        }
        fn tasks_in_flight(&self) -> usize {
            3
        }
        fn counters(&self) -> Counters {
            Counters::UNKNOWN
        }
        fn run<'a>(&'a self, job: &'a Job, _: &'a Arc<Moved>) -> TaskFuture<'a> {
            let bytes = job.size - u64::from(job.key.as_str().ends_with("short"));
            async move { Ok(TaskDone { bytes, first_byte: None }) }.boxed()
        }
        fn abort(&self) -> BoxFuture<'_, usize> {
            async { 0 }.boxed()
        }
    }

    async fn outcome_of(keys: &[&str]) -> Outcome {
        let jobs = keys.iter().map(|key| Job {
            operation: Operation::Upload,
            key: ObjectKey::new(*key).unwrap(),
            size: 10,
            place: DataPlace::Memory,
        });
        run(&(Arc::new(Scripted) as Arc<dyn Client>), &jobs.collect(), &Arc::new(Shared::new(true))).await
    }

    #[tokio::test]
    async fn every_job_is_done_once() {
        let outcome = outcome_of(&["a", "b", "c", "d", "e", "f", "g"]).await;
        assert_eq!((outcome.bytes, outcome.errors.len()), (70, 0));
        let mut recorded: Vec<u32> = outcome.samples.concat().iter().map(|sample| sample.task).collect();
        recorded.sort_unstable();
        assert_eq!(recorded, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[tokio::test]
    async fn missing_bytes_are_a_failure_and_no_throughput() {
        let outcome = outcome_of(&["short"]).await;
        assert_eq!(outcome.bytes, 0);
        assert_eq!(outcome.errors[0].kind, ErrorKind::Integrity);
        assert_eq!(outcome.samples.concat()[0].error, Some(ErrorKind::Integrity));
        assert!(outcome.errors[0].message.contains("9 bytes moved where 10"), "{:?}", outcome.errors);
    }
}
