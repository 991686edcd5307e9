//! What the requests of all tasks of a client share.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use workload_schema::Checksum;

use crate::native::open_uploads::OpenUploads;
use crate::native::{ClientSettings, PartSize};

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

impl<R> Shared<R> {
    /// Nothing in flight yet; the part size and concurrency are those of `settings`.
    pub fn new(requests: R, settings: &ClientSettings) -> Self {
        Self {
            requests,
            open_uploads: OpenUploads::default(),
            part_size: settings.part_size(),
            checksum: settings.checksum,
            permits: Arc::new(Semaphore::new(settings.connections())),
        }
    }

    /// Waits until one more request may be in flight.
    pub(super) async fn permit(&self) -> SemaphorePermit<'_> {
        self.permits.acquire().await.expect(OPEN)
    }

    /// The same for a request that runs beside its task.
    pub(super) async fn owned_permit(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.permits).acquire_owned().await.expect(OPEN)
    }
}
