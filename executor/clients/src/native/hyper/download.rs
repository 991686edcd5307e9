//! Downloads: one GET up to a part's size, else ranges in parallel, all of the same version of the object.
//!
//! Where the workload asks for a checksum the object is read with one GET, because a store can only send the
//! checksum of what it sends whole; it is computed over the body as it comes and compared.

use std::sync::Arc;
use std::time::Instant;

use http::{HeaderName, HeaderValue, Method, header};
use tokio::task::{JoinError, JoinSet};
use workload_schema::Checksum;
use workload_schema::record::ErrorKind;

use super::checksum::{Hasher, header_of};
use super::wire::{Answer, Call};
use super::{OPEN, Shared};
use crate::endpoint::Failure;
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

/// A body that is to be read: how many bytes it has, and what they must hash to.
struct Expected {
    len: u64,
    checksum: Option<(Checksum, Vec<u8>)>,
}

/// The bytes read, and when the first of them came.
type Read = (u64, Option<Instant>);

async fn whole(shared: &Shared, job: &Job, sink: Option<FileSink>, moved: &Moved) -> Result<TaskDone, Failure> {
    let _permit = shared.requests.acquire().await.expect(OPEN);
    let mut call = get(shared, job);
    if shared.checksum.is_some() {
        let mode = HeaderName::from_static("x-amz-checksum-mode");
        call.amz.push((mode, HeaderValue::from_static("ENABLED")));
    }
    let answer = shared.wire.send(&call).await?;
    let checksum = shared.checksum.map(|checksum| checksum_of(&call, &answer, checksum)).transpose()?;
    let expected = Expected { len: job.size, checksum };
    let (bytes, first_byte) = read(&call, answer, expected, sink.map(|sink| sink.writer(0)), moved).await?;
    Ok(TaskDone { bytes, first_byte })
}

async fn ranges(
    shared: &Arc<Shared>,
    job: &Job,
    sink: Option<FileSink>,
    moved: &Arc<Moved>,
) -> Result<TaskDone, Failure> {
    let part_size = shared.part_size.for_object(job.size);
    let mut running = JoinSet::new();
    let mut etag = None;
    let mut read_so_far = (0, None);
    for offset in (0..job.size).step_by(usize::try_from(part_size).expect("64-bit")) {
        let permit = Arc::clone(&shared.requests).acquire_owned().await.expect(OPEN);
        let len = part_size.min(job.size - offset);
        let writer = sink.as_ref().map(|sink| sink.writer(offset));
        let (shared, job, moved) = (Arc::clone(shared), job.clone(), Arc::clone(moved));
        // The first range is known by its head to be of some version; the others must be of the same.
        let first = if offset == 0 {
            let answer = shared.wire.send(&get_range(&shared, &job, offset, len, None)).await?;
            etag = answer.head.headers.get(header::ETAG).and_then(copy_of);
            Some(answer)
        } else {
            None
        };
        let etag = etag.clone();
        running.spawn(async move {
            let _permit = permit;
            let call = get_range(&shared, &job, offset, len, etag);
            let answer = match first {
                Some(answer) => answer,
                None => shared.wire.send(&call).await?,
            };
            read(&call, answer, Expected { len, checksum: None }, writer, &moved).await
        });
        while let Some(joined) = running.try_join_next() {
            take(joined, &mut read_so_far)?;
        }
    }
    while let Some(joined) = running.join_next().await {
        take(joined, &mut read_so_far)?;
    }
    let (bytes, first_byte) = read_so_far;
    Ok(TaskDone { bytes, first_byte })
}

fn take(joined: Result<Result<Read, Failure>, JoinError>, all: &mut Read) -> Result<(), Failure> {
    let (bytes, first_byte) = match joined {
        Ok(result) => result?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    all.0 += bytes;
    all.1 = all.1.into_iter().chain(first_byte).min();
    Ok(())
}

fn get<'a>(shared: &Shared, job: &'a Job) -> Call<'a> {
    let key = job.key.as_str();
    Call::new("GetObject", key, Method::GET, shared.wire.address.path(key))
}

fn get_range<'a>(shared: &Shared, job: &'a Job, offset: u64, len: u64, etag: Option<HeaderValue>) -> Call<'a> {
    let mut call = get(shared, job);
    let range = format!("bytes={offset}-{}", offset + len - 1);
    call.headers.push((header::RANGE, HeaderValue::from_str(&range).expect("digits are ASCII")));
    call.headers.extend(etag.map(|etag| (header::IF_MATCH, etag)));
    call
}

/// The value in memory of its own; see [`read`].
fn copy_of(value: &HeaderValue) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).ok()
}

/// The checksum that the store promises, if it is one of the whole body.
fn checksum_of(call: &Call<'_>, answer: &Answer, checksum: Checksum) -> Result<(Checksum, Vec<u8>), Failure> {
    match answer.head.headers.get(header_of(checksum)) {
        // A checksum of checksums says nothing about a body that is read whole.
        Some(value) if value.as_bytes().contains(&b'-') => {
            Err(call
                .failure(ErrorKind::Integrity, format_args!("its {checksum} is one of parts and cannot be validated")))
        }
        Some(value) => Ok((checksum, value.as_bytes().to_vec())),
        None => Err(call.failure(ErrorKind::Integrity, format_args!("the store sends no {checksum} to validate"))),
    }
}

/// Reads the body to its end and hands it on.
async fn read(
    call: &Call<'_>,
    Answer { head, mut body }: Answer,
    expected: Expected,
    mut writer: Option<PartWriter>,
    moved: &Moved,
) -> Result<Read, Failure> {
    let announced = head.headers.get(header::CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse().ok());
    check_len(call, announced.unwrap_or(expected.len), expected.len)?;
    // Headers are slices of the buffer that the body is read into: only without them it can be used again.
    drop(head);
    let mut hasher = expected.checksum.as_ref().map(|(checksum, _)| Hasher::new(*checksum));
    let (mut bytes, mut first_byte) = (0, None);
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(|error| {
            call.failure(ErrorKind::Connection, format_args!("the body broke off after {bytes} bytes: {error}"))
        })?;
        first_byte.get_or_insert_with(Instant::now);
        bytes += chunk.len() as u64;
        moved.add(chunk.len() as u64);
        if let Some(hasher) = &mut hasher {
            hasher.update(&chunk);
        }
        if let Some(writer) = &mut writer {
            writer.push(chunk).await?;
        }
    }
    if let Some(writer) = &mut writer {
        writer.flush().await?;
    }
    check_len(call, bytes, expected.len)?;
    if let Some((hasher, (checksum, value))) = hasher.zip(expected.checksum)
        && hasher.value().as_bytes() != value
    {
        return Err(call.failure(ErrorKind::Integrity, format_args!("the body does not match its {checksum} checksum")));
    }
    Ok((bytes, first_byte))
}

fn check_len(call: &Call<'_>, len: u64, expected: u64) -> Result<(), Failure> {
    if len == expected {
        return Ok(());
    }
    let why = format_args!("the store sends {len} bytes where {expected} are expected").to_string();
    Err(call.failure(ErrorKind::Integrity, why))
}
