//! What a runner repeats: tasks through an S3 library, or one command.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use workload_schema::event::{Hello, Verified};

use super::prepare;
use super::repeat::{self, Outcome, Shared};
use s3_clients::endpoint::{Failure, tally};
use s3_clients::integrity;
use s3_clients::{Client, Counters, DataPlace, Job, Moved};

/// The work of one repeat, however it is done.
pub trait Work: Send + Sync {
    /// What the client says of itself.
    fn hello(&self) -> Hello;

    /// What goes before each repeat, untimed.
    fn prepare(&self) -> Result<(), Failure>;

    /// Does it once, on the clock. Dropping the future stops it; then [`Work::abort`] is called.
    fn repeat<'a>(&'a self, shared: &'a Arc<Shared>) -> BoxFuture<'a, Outcome>;

    /// What was counted so far.
    fn counters(&self) -> Counters;

    /// Undoes at the store what a stopped repeat left. Answers how many uploads could not be aborted.
    fn abort(&self) -> BoxFuture<'_, usize>;

    /// Compares the content of downloads that repeats drop, off the clock.
    fn verify(&self) -> BoxFuture<'_, Verified>;
}

/// Tasks through an S3 library.
pub struct LibraryWork {
    client: Arc<dyn Client>,
    jobs: Arc<[Job]>,
}

impl LibraryWork {
    /// `jobs` through `client`.
    pub fn new(client: Arc<dyn Client>, jobs: Arc<[Job]>) -> Self {
        Self { client, jobs }
    }

    /// One download more, to a file, which is compared and removed.
    async fn verify_one(&self, job: &Job, folder: &std::path::Path) -> Result<u64, Failure> {
        let path = folder.join("object");
        let to_file = Job { place: DataPlace::File(path.clone()), ..job.clone() };
        self.client.run(&to_file, &Arc::new(Moved::default())).await?;
        let result = integrity::check_file(&path, job.key.as_str(), job.size);
        std::fs::remove_file(&path).map_err(|error| Failure::disk("remove", &path, &error))?;
        result
    }
}

impl Work for LibraryWork {
    fn hello(&self) -> Hello {
        self.client.hello()
    }

    fn prepare(&self) -> Result<(), Failure> {
        prepare::prepare(&self.jobs)
    }

    fn repeat<'a>(&'a self, shared: &'a Arc<Shared>) -> BoxFuture<'a, Outcome> {
        repeat::run(&self.client, &self.jobs, shared).boxed()
    }

    fn counters(&self) -> Counters {
        self.client.counters()
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        self.client.abort()
    }

    fn verify(&self) -> BoxFuture<'_, Verified> {
        async {
            let mut verified = Verified { tasks: 0, bytes: 0, errors: Vec::new() };
            let dropped = dropped_downloads(&self.jobs);
            if dropped.is_empty() {
                return verified;
            }
            let folder = match tempfile::tempdir() {
                Ok(folder) => folder,
                Err(error) => {
                    tally(&mut verified.errors, Failure::disk("make a folder in", &std::env::temp_dir(), &error));
                    return verified;
                }
            };
            for job in integrity::sample(&dropped, |job| job.size) {
                match self.verify_one(job, folder.path()).await {
                    Ok(bytes) => {
                        verified.tasks += 1;
                        verified.bytes += bytes;
                    }
                    Err(failure) => tally(&mut verified.errors, failure),
                }
            }
            verified
        }
        .boxed()
    }
}

/// Downloads to RAM, each key once.
fn dropped_downloads(jobs: &[Job]) -> Vec<&Job> {
    let mut keys = std::collections::BTreeSet::new();
    let dropped = jobs.iter().filter(|job| job.operation.receives_payload() && job.place == DataPlace::Memory);
    dropped.filter(|job| keys.insert(&job.key)).collect()
}
