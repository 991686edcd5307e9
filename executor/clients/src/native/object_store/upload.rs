//! Uploads: one PUT up to a part's size, else a multipart upload with its parts in parallel.

use std::sync::Arc;

use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{MultipartId, ObjectStore, PutOptions, PutPayload};
use synthetic_content::{Content, RING_OVERLAP};
use tokio::task::JoinSet;

use super::{Shared, failure, path_of};
use crate::endpoint::Failure;
use crate::native::file_sink::read_part;
use crate::native::{DataPlace, Job, Moved, TaskDone};

/// Uploads the object of `job`.
pub async fn upload(shared: &Arc<Shared>, job: &Job, moved: &Moved) -> Result<TaskDone, Failure> {
    if job.size <= shared.part_size.get() {
        put(shared, job).await?;
        moved.add(job.size);
    } else {
        multipart(shared, job, moved).await?;
    }
    Ok(TaskDone { bytes: job.size, first_byte: None })
}

/// The bytes of `job` from `offset` on: slices of the ring without a copy, or of the file as one buffer.
async fn payload(job: &Job, offset: u64, len: u64) -> Result<PutPayload, Failure> {
    match &job.place {
        DataPlace::Memory => Ok(Content::of_key(job.key.as_str()).frames(offset, len, RING_OVERLAP).collect()),
        DataPlace::File(path) => {
            let len = usize::try_from(len).expect("a part fits in memory");
            Ok(read_part(path.clone(), offset, len).await?.into())
        }
    }
}

async fn put(shared: &Shared, job: &Job) -> Result<(), Failure> {
    let path = path_of(job, "PutObject")?;
    let _permit = shared.requests.acquire().await.expect("the semaphore is never closed");
    let payload = payload(job, 0, job.size).await?;
    shared.counter.add_operation();
    let put = shared.store.put_opts(&path, payload, PutOptions::default()).await;
    put.map_err(|error| failure::of("PutObject", job, &error))?;
    Ok(())
}

async fn multipart(shared: &Arc<Shared>, job: &Job, moved: &Moved) -> Result<(), Failure> {
    let path = path_of(job, "CreateMultipartUpload")?;
    shared.counter.add_operation();
    let created = shared.store.create_multipart(&path).await;
    let id = created.map_err(|error| failure::of("CreateMultipartUpload", job, &error))?;
    shared.open_uploads.add(&id, job.key.as_str());
    let result = match upload_parts(shared, job, &path, &id, moved).await {
        Ok(parts) => complete(shared, job, &path, &id, parts).await,
        Err(failure) => Err(failure),
    };
    if result.is_err() {
        shared.counter.add_operation();
        // The failure that led here is the one to report; what cannot be aborted stays listed as open.
        if shared.store.abort_multipart(&path, &id).await.is_err() {
            return result;
        }
    }
    shared.open_uploads.remove(&id);
    result
}

async fn complete(
    shared: &Shared,
    job: &Job,
    path: &Path,
    id: &MultipartId,
    parts: Vec<PartId>,
) -> Result<(), Failure> {
    shared.counter.add_operation();
    let completed = shared.store.complete_multipart(path, id, parts).await;
    completed.map_err(|error| failure::of("CompleteMultipartUpload", job, &error))?;
    Ok(())
}

async fn upload_parts(
    shared: &Arc<Shared>,
    job: &Job,
    path: &Path,
    id: &MultipartId,
    moved: &Moved,
) -> Result<Vec<PartId>, Failure> {
    let part_size = shared.part_size.for_object(job.size);
    let mut running = JoinSet::new();
    let mut parts = Vec::new();
    for (index, offset) in (0..job.size).step_by(usize::try_from(part_size).expect("64-bit")).enumerate() {
        let len = part_size.min(job.size - offset);
        let permit = Arc::clone(&shared.requests).acquire_owned().await.expect("the semaphore is never closed");
        let (shared, job, path, id) = (Arc::clone(shared), job.clone(), path.clone(), id.clone());
        running.spawn(async move {
            let _permit = permit;
            let payload = payload(&job, offset, len).await?;
            shared.counter.add_operation();
            let part = shared.store.put_part(&path, &id, index, payload).await;
            Ok((index, part.map_err(|error| failure::of("UploadPart", &job, &error))?, len))
        });
        while let Some(joined) = running.try_join_next() {
            take(joined, &mut parts, moved)?;
        }
    }
    while let Some(joined) = running.join_next().await {
        take(joined, &mut parts, moved)?;
    }
    parts.sort_unstable_by_key(|(index, _)| *index);
    Ok(parts.into_iter().map(|(_, part)| part).collect())
}

type Joined = Result<Result<(usize, PartId, u64), Failure>, tokio::task::JoinError>;

fn take(joined: Joined, parts: &mut Vec<(usize, PartId)>, moved: &Moved) -> Result<(), Failure> {
    let (index, part, len) = match joined {
        Ok(result) => result?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    moved.add(len);
    parts.push((index, part));
    Ok(())
}
