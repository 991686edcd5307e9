//! Downloads: one GET up to a part's size, else ranges in parallel, all of the same version of the object.
//!
//! Where the workload asks for a checksum the object is read with one GET, because a store can only send the
//! checksum of what it sends whole; the SDK computes it over the body and compares.

use std::sync::Arc;
use std::time::Instant;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::types::ChecksumMode;
use tokio::task::JoinSet;
use workload_schema::Checksum;
use workload_schema::record::ErrorKind;

use super::Shared;
use crate::endpoint::{Failure, failure_of};
use crate::native::file_sink::{FileSink, PartWriter};
use crate::native::{DataPlace, Job, Moved, TaskDone};

/// Downloads the object of `job`.
pub async fn download(shared: &Arc<Shared>, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
    let sink = match &job.place {
        DataPlace::Memory => None,
        DataPlace::File(path) => Some(FileSink::create(path).await?),
    };
    if job.size <= shared.part_size.get() || shared.checksum.is_some() {
        whole(shared, job, sink, moved).await
    } else {
        ranges(shared, job, sink, moved).await
    }
}

async fn whole(shared: &Shared, job: &Job, sink: Option<FileSink>, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
    let _permit = shared.requests.acquire().await.expect("the semaphore is never closed");
    let answer = shared
        .s3
        .get_object()
        .bucket(&shared.bucket)
        .key(job.key.as_str())
        .set_checksum_mode(shared.checksum.map(|_| ChecksumMode::Enabled))
        .send()
        .await
        .map_err(|error| failure_of("GetObject", job.key.as_str(), &error))?;
    if let Some(checksum) = shared.checksum {
        check_validated(checksum, &answer, job)?;
    }
    check_size(answer.content_length, job.size, job)?;
    let (bytes, first_byte) = consume(answer, job, sink.map(|sink| sink.writer(0)), moved).await?;
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
    let first = get_range(shared, job, 0, part_size, None).await?;
    let etag = first.e_tag.clone();
    let (mut bytes, first_byte) = consume(first, job, writer(0), moved).await?;
    let mut running = JoinSet::new();
    for offset in (part_size..job.size).step_by(usize::try_from(part_size).expect("64-bit")) {
        let permit = Arc::clone(&shared.requests).acquire_owned().await.expect("the semaphore is never closed");
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

async fn get_range(
    shared: &Shared,
    job: &Job,
    offset: u64,
    len: u64,
    etag: Option<String>,
) -> Result<GetObjectOutput, Failure> {
    let answer = shared
        .s3
        .get_object()
        .bucket(&shared.bucket)
        .key(job.key.as_str())
        .range(format!("bytes={offset}-{}", offset + len - 1))
        .set_if_match(etag)
        .send()
        .await
        .map_err(|error| failure_of("GetObject", job.key.as_str(), &error))?;
    check_size(answer.content_length, len, job)?;
    Ok(answer)
}

fn check_size(announced: Option<i64>, expected: u64, job: &Job) -> Result<(), Failure> {
    match announced.and_then(|len| u64::try_from(len).ok()) {
        Some(len) if len != expected => Err(Failure::local(
            ErrorKind::Integrity,
            format!("GetObject {}: the store sends {len} bytes where {expected} are expected", job.key),
        )),
        _ => Ok(()),
    }
}

/// Fails unless the answer carries a checksum that the SDK validates while the body is read.
fn check_validated(checksum: Checksum, answer: &GetObjectOutput, job: &Job) -> Result<(), Failure> {
    let value = match checksum {
        Checksum::Crc32 => answer.checksum_crc32(),
        Checksum::Crc32c => answer.checksum_crc32_c(),
        Checksum::Sha1 => answer.checksum_sha1(),
        Checksum::Sha256 => answer.checksum_sha256(),
        Checksum::Crc64nvme => answer.checksum_crc64_nvme(),
    };
    match value {
        // A checksum of checksums says nothing about a body that is read whole; the SDK skips it.
        Some(value) if !value.contains('-') => Ok(()),
        Some(_) => Err(Failure::local(
            ErrorKind::Integrity,
            format!("GetObject {}: its {checksum} is one of parts and cannot be validated", job.key),
        )),
        None => Err(Failure::local(
            ErrorKind::Integrity,
            format!("GetObject {}: the store sends no {checksum} to validate", job.key),
        )),
    }
}

/// Reads the body to its end and hands it on; answers its length and when its first byte came.
async fn consume(answer: GetObjectOutput, job: &Job, mut writer: Option<PartWriter>, moved: &Moved) -> Consumed {
    let mut body = answer.body;
    let (mut bytes, mut first_byte) = (0, None);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| broken_body(job, &error))?;
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

fn broken_body(job: &Job, error: &aws_sdk_s3::primitives::ByteStreamError) -> Failure {
    let words = crate::endpoint::error_chain(error);
    let kind = if words.contains("checksum") { ErrorKind::Integrity } else { ErrorKind::Connection };
    Failure::local(kind, format!("GetObject {}: the body broke off: {words}", job.key))
}
