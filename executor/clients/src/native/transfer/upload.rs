//! Uploads: one PUT up to a part's size, else a multipart upload with its parts in parallel.

use std::sync::Arc;

use super::running::Running;
use super::shared::Shared;
use super::{Part, Requests};
use crate::endpoint::Failure;
use crate::native::{Job, Moved, TaskDone};

/// Uploads the object of `job`.
pub async fn upload<R: Requests>(shared: &Arc<Shared<R>>, job: &Job, moved: &Moved) -> Result<TaskDone, Failure> {
    if job.size <= shared.part_size.get() {
        let _permit = shared.permit().await;
        shared.requests.put(job).await?;
        moved.add(job.size);
    } else {
        multipart(shared, job, moved).await?;
    }
    Ok(TaskDone { bytes: job.size, first_byte: None })
}

async fn multipart<R: Requests>(shared: &Arc<Shared<R>>, job: &Job, moved: &Moved) -> Result<(), Failure> {
    let key = job.key.as_str();
    let upload_id: Arc<str> = shared.requests.create_upload(job).await?.into();
    shared.open_uploads.add(&upload_id, key);
    let result = match put_parts(shared, job, &upload_id, moved).await {
        Ok(parts) => shared.requests.complete_upload(job, &upload_id, parts).await,
        Err(failure) => Err(failure),
    };
    // The failure that led here is the one to report; what cannot be aborted stays listed as open.
    if result.is_ok() || shared.requests.abort_upload(key, &upload_id).await {
        shared.open_uploads.remove(&upload_id);
    }
    result
}

async fn put_parts<R: Requests>(
    shared: &Arc<Shared<R>>,
    job: &Job,
    upload_id: &Arc<str>,
    moved: &Moved,
) -> Result<Vec<R::StoredPart>, Failure> {
    let mut running = Running::new();
    let mut stored = Vec::new();
    let mut take = |(part, answer): (Part, R::StoredPart)| {
        moved.add(part.len);
        stored.push((part.number, answer));
    };
    for part in Part::all(job.size, shared.part_size) {
        let permit = shared.owned_permit().await;
        let (shared, job, upload_id) = (Arc::clone(shared), job.clone(), Arc::clone(upload_id));
        running.start(permit, async move {
            let answer = shared.requests.put_part(&job, &upload_id, part).await?;
            Ok((part, answer))
        });
        while let Some(ended) = running.ended() {
            take(ended?);
        }
    }
    while let Some(ended) = running.next().await {
        take(ended?);
    }
    stored.sort_unstable_by_key(|(number, _)| *number);
    Ok(stored.into_iter().map(|(_, answer)| answer).collect())
}
