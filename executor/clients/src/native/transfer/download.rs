//! Downloads: one GET up to a part's size, else ranges in parallel, all of the same version of the object.
//!
//! Where the workload asks for a checksum the object is read with one GET, because a store can only send the checksum
//! of what it sends whole.

use std::sync::Arc;

use super::read::{Read, read};
use super::running::Running;
use super::shared::Shared;
use super::{Part, Requests};
use crate::endpoint::Failure;
use crate::native::file_sink::FileSink;
use crate::native::{DataPlace, Job, Moved, TaskDone};

/// Downloads the object of `job`.
pub async fn download<R: Requests>(
    shared: &Arc<Shared<R>>,
    job: &Job,
    moved: &Arc<Moved>,
) -> Result<TaskDone, Failure> {
    let sink = match &job.place {
        DataPlace::Memory => None,
        DataPlace::File(path) => Some(FileSink::create(path).await?),
    };
    let all = if job.size <= shared.part_size.get() || shared.checksum.is_some() {
        let _permit = shared.permit().await;
        let answer = shared.requests.get_whole(job).await?;
        read(answer, job, job.size, sink.map(|sink| sink.writer(0)), moved).await?
    } else {
        ranges(shared, job, sink.as_ref(), moved).await?
    };
    Ok(TaskDone { bytes: all.bytes, first_byte: all.first_byte })
}

async fn ranges<R: Requests>(
    shared: &Arc<Shared<R>>,
    job: &Job,
    sink: Option<&FileSink>,
    moved: &Arc<Moved>,
) -> Result<Read, Failure> {
    let mut running = Running::new();
    let mut version = None;
    let mut all = Read::default();
    for range in Part::all(job.size, shared.part_size) {
        let permit = shared.owned_permit().await;
        // The head of the first range tells the version; the others must be of the same.
        let first = if range.offset == 0 {
            let answer = shared.requests.get_range(job, range, None).await?;
            version.clone_from(&answer.version);
            Some(answer)
        } else {
            None
        };
        let writer = sink.map(|sink| sink.writer(range.offset));
        let (shared, job, moved, version) = (Arc::clone(shared), job.clone(), Arc::clone(moved), version.clone());
        running.start(permit, async move {
            let answer = match first {
                Some(answer) => answer,
                None => shared.requests.get_range(&job, range, version).await?,
            };
            read(answer, &job, range.len, writer, &moved).await
        });
        while let Some(ended) = running.ended() {
            all.add(ended?);
        }
    }
    while let Some(ended) = running.next().await {
        all.add(ended?);
    }
    Ok(all)
}

impl Read {
    /// Adds what another range came to.
    fn add(&mut self, range: Self) {
        self.bytes += range.bytes;
        self.first_byte = self.first_byte.into_iter().chain(range.first_byte).min();
    }
}
