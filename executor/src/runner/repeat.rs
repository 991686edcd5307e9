//! One repeat: all jobs, as many at once as the client wants, on the clock from the first start to the last end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use tokio::task::JoinSet;
use workload_schema::record::{ErrorCount, ErrorKind};

use crate::clients::{Client, Job, Moved};
use crate::target::{Failure, tally};

/// What one repeat came to.
#[derive(Debug)]
pub struct Outcome {
    /// Seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes verified to have moved by tasks that succeeded.
    pub bytes: u64,
    /// Failed tasks by cause.
    pub errors: Vec<ErrorCount>,
}

/// What the workers of a repeat share, and what its progress is read from.
#[derive(Debug, Default)]
pub struct Shared {
    /// Bytes moved so far.
    pub moved: Arc<Moved>,
    /// Tasks ended so far.
    pub tasks_done: AtomicU64,
    next: AtomicUsize,
    failed: AtomicBool,
}

/// What one worker saw.
struct Seen {
    first_start: Instant,
    last_end: Instant,
    bytes: u64,
    errors: Vec<ErrorCount>,
}

/// Runs all `jobs`. After a failure no further task is started; those in flight end.
/// Dropping the future stops everything.
pub async fn run(client: &Arc<dyn Client>, jobs: &Arc<[Job]>, shared: &Arc<Shared>) -> Outcome {
    let mut workers = JoinSet::new();
    for _ in 0..client.tasks_in_flight().clamp(1, jobs.len().max(1)) {
        workers.spawn(work(Arc::clone(client), Arc::clone(jobs), Arc::clone(shared)));
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

async fn work(client: Arc<dyn Client>, jobs: Arc<[Job]>, shared: Arc<Shared>) -> Option<Seen> {
    let mut seen: Option<Seen> = None;
    while !shared.failed.load(Relaxed) {
        let Some(job) = jobs.get(shared.next.fetch_add(1, Relaxed)) else { break };
        let start = Instant::now();
        let result = client.run(job, &shared.moved).await;
        let end = Instant::now();
        shared.tasks_done.fetch_add(1, Relaxed);
        let seen = seen.get_or_insert(Seen { first_start: start, last_end: end, bytes: 0, errors: Vec::new() });
        seen.last_end = end;
        match result.and_then(|done| checked(job, done.bytes)) {
            Ok(bytes) => seen.bytes += bytes,
            Err(failure) => {
                shared.failed.store(true, Relaxed);
                tally(&mut seen.errors, failure);
            }
        }
    }
    seen
}

/// Bytes count only if all of them moved.
fn checked(job: &Job, bytes: u64) -> Result<u64, Failure> {
    if bytes == job.size {
        return Ok(bytes);
    }
    let message = format!("{} {}: {bytes} bytes moved where {} are expected", job.action, job.key, job.size);
    Err(Failure::local(ErrorKind::Integrity, message))
}

fn summarise(all: Vec<Seen>) -> Outcome {
    let first = all.iter().map(|seen| seen.first_start).min();
    let last = all.iter().map(|seen| seen.last_end).max();
    let seconds = first.zip(last).map_or(0.0, |(first, last)| last.duration_since(first).as_secs_f64());
    let mut outcome = Outcome { seconds, bytes: 0, errors: Vec::new() };
    for seen in all {
        outcome.bytes += seen.bytes;
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
    use workload_schema::{Action, ObjectKey};

    use super::*;
    use crate::clients::{DataPlace, TaskDone, TaskFuture};

    /// A client that moves one byte too few for keys that end in `short`.
    struct Scripted;

    impl Client for Scripted {
        fn hello(&self) -> Hello {
            unreachable!("a repeat asks for no hello")
        }
        fn tasks_in_flight(&self) -> usize {
            3
        }
        fn requests(&self) -> Option<u64> {
            None
        }
        fn retries(&self) -> Option<u64> {
            None
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
            action: Action::Upload,
            key: ObjectKey::new(*key).unwrap(),
            size: 10,
            place: DataPlace::Memory,
        });
        run(&(Arc::new(Scripted) as Arc<dyn Client>), &jobs.collect(), &Arc::default()).await
    }

    #[tokio::test]
    async fn every_job_is_done_once() {
        let outcome = outcome_of(&["a", "b", "c", "d", "e", "f", "g"]).await;
        assert_eq!((outcome.bytes, outcome.errors.len()), (70, 0));
    }

    #[tokio::test]
    async fn missing_bytes_are_a_failure_and_no_throughput() {
        let outcome = outcome_of(&["short"]).await;
        assert_eq!(outcome.bytes, 0);
        assert_eq!(outcome.errors[0].kind, ErrorKind::Integrity);
        assert!(outcome.errors[0].message.contains("9 bytes moved where 10"), "{:?}", outcome.errors);
    }
}
