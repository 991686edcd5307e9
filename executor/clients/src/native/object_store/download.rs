//! Downloads: one GET up to a part's size, else ranges in parallel, all of the same version of the object.

use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore};
use tokio::task::JoinSet;
use workload_schema::record::ErrorKind;

use super::{Shared, failure, path_of};
use crate::endpoint::Failure;
use crate::native::file_sink::{FileSink, PartWriter};
use crate::native::{DataPlace, Job, Moved, TaskDone};

const OPEN: &str = "the semaphore is never closed";

/// Downloads the object of `job`.
pub async fn download(shared: &Arc<Shared>, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
    let sink = match &job.place {
        DataPlace::Memory => None,
        DataPlace::File(path) => Some(FileSink::create(path).await?),
    };
    if job.size > shared.part_size.get() {
        return ranges(shared, job, sink, moved).await;
    }
    let _permit = shared.requests.acquire().await.expect(OPEN);
    let whole = get(shared, job, GetOptions::default()).await?;
    check_length(&whole, job.size, job)?;
    let (bytes, first_byte) = consume(whole, job, sink.map(|sink| sink.writer(0)), moved).await?;
    Ok(TaskDone { bytes, first_byte })
}

async fn ranges(
    shared: &Arc<Shared>,
    job: &Job,
    sink: Option<FileSink>,
    moved: &Arc<Moved>,
) -> Result<TaskDone, Failure> {
    let part_size = shared.part_size.for_object(job.size);
    let writer = |offset| sink.as_ref().map(|sink| sink.writer(offset));
    let permit = shared.requests.acquire().await.expect(OPEN);
    let first = get_range(shared, job, 0, part_size, None).await?;
    let etag = first.meta.e_tag.clone();
    let (mut bytes, first_byte) = consume(first, job, writer(0), moved).await?;
    drop(permit);
    let mut running = JoinSet::new();
    for offset in (part_size..job.size).step_by(usize::try_from(part_size).expect("64-bit")) {
        let permit = Arc::clone(&shared.requests).acquire_owned().await.expect(OPEN);
        let len = part_size.min(job.size - offset);
        let (shared, job, etag, writer, moved) =
            (Arc::clone(shared), job.clone(), etag.clone(), writer(offset), Arc::clone(moved));
        running.spawn(async move {
            let _permit = permit;
            let answer = get_range(&shared, &job, offset, len, etag).await?;
            consume(answer, &job, writer, &moved).await
        });
        while let Some(joined) = running.try_join_next() {
            bytes += part_bytes(joined)?;
        }
    }
    while let Some(joined) = running.join_next().await {
        bytes += part_bytes(joined)?;
    }
    Ok(TaskDone { bytes, first_byte })
}

type Consumed = Result<(u64, Option<Instant>), Failure>;

fn part_bytes(joined: Result<Consumed, tokio::task::JoinError>) -> Result<u64, Failure> {
    match joined {
        Ok(result) => Ok(result?.0),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn get(shared: &Shared, job: &Job, options: GetOptions) -> Result<GetResult, Failure> {
    let path = path_of(job, "GetObject")?;
    shared.counter.add_operation();
    shared.store.get_opts(&path, options).await.map_err(|error| failure::of("GetObject", job, &error))
}

async fn get_range(
    shared: &Shared,
    job: &Job,
    offset: u64,
    len: u64,
    etag: Option<String>,
) -> Result<GetResult, Failure> {
    let range = Some(GetRange::Bounded(offset..offset + len));
    let answer = get(shared, job, GetOptions { range, if_match: etag, ..GetOptions::default() }).await?;
    check_length(&answer, len, job)?;
    Ok(answer)
}

fn check_length(answer: &GetResult, expected: u64, job: &Job) -> Result<(), Failure> {
    let length = answer.range.end - answer.range.start;
    if length == expected {
        return Ok(());
    }
    let message = format!("GetObject {}: the store sends {length} bytes where {expected} are expected", job.key);
    Err(Failure::local(ErrorKind::Integrity, message))
}

/// Reads the body to its end and hands it on; answers its length and when its first byte came.
async fn consume(answer: GetResult, job: &Job, mut writer: Option<PartWriter>, moved: &Moved) -> Consumed {
    let mut body = answer.into_stream();
    let (mut bytes, mut first_byte) = (0, None);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| failure::of("GetObject", job, &error))?;
        first_byte.get_or_insert_with(Instant::now);
        bytes += chunk.len() as u64;
        moved.add(chunk.len() as u64);
        if let Some(writer) = &mut writer {
            writer.push(chunk).await?;
        }
    }
    if let Some(writer) = &mut writer {
        writer.flush().await?;
    }
    Ok((bytes, first_byte))
}
