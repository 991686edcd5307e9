//! A client made of requests.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use workload_schema::event::Hello;
use workload_schema::{Checksum, Operation};

use super::Requests;
use super::download::download;
use super::upload::upload;
use crate::endpoint::Counters;
use crate::native::open_uploads::OpenUploads;
use crate::native::{Client, ClientSettings, Job, Moved, PartSize, TaskFuture};

/// A client whose objects are cut into parts and ranges by the rules of this module.
#[derive(Debug)]
pub struct TransferClient<R> {
    pub(in crate::native) shared: Arc<Shared<R>>,
    hello: Hello,
}

/// What the requests of all tasks share.
#[derive(Debug)]
pub struct Shared<R> {
    pub(in crate::native) requests: R,
    pub(in crate::native) open_uploads: OpenUploads,
    pub(super) part_size: PartSize,
    pub(super) checksum: Option<Checksum>,
    /// One permit per request in flight, over all tasks.
    permits: Arc<Semaphore>,
}

const OPEN: &str = "the semaphore is never closed";

impl<R> TransferClient<R> {
    /// A client that sends `requests` with the part size and concurrency of `settings`, and says `hello`.
    pub fn of(requests: R, settings: &ClientSettings, hello: Hello) -> Self {
        let shared = Shared {
            requests,
            open_uploads: OpenUploads::default(),
            part_size: settings.part_size(),
            checksum: settings.checksum,
            permits: Arc::new(Semaphore::new(settings.connections())),
        };
        Self { shared: Arc::new(shared), hello }
    }
}

impl<R> Shared<R> {
    /// Waits until one more request may be in flight.
    pub(super) async fn permit(&self) -> SemaphorePermit<'_> {
        self.permits.acquire().await.expect(OPEN)
    }

    /// The same for a request that runs beside its task.
    pub(super) async fn owned_permit(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.permits).acquire_owned().await.expect(OPEN)
    }
}

impl<R: Requests> Client for TransferClient<R> {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn counters(&self) -> Counters {
        self.shared.requests.counters()
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.operation {
            Operation::Upload => upload(&self.shared, job, moved).boxed(),
            Operation::Download => download(&self.shared, job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = async |upload_id: String, key: String| self.shared.requests.abort_upload(&key, &upload_id).await;
        self.shared.open_uploads.abort_all(abort).boxed()
    }
}
