//! Uploads: one PUT up to a part's size, else a multipart upload with its parts in parallel.

use std::sync::Arc;

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{ChecksumType, CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use http_body_util::Full;
use synthetic_content::Content;
use tokio::sync::AcquireError;
use tokio::task::JoinSet;
use workload_schema::Checksum;

use super::{Shared, sdk_checksum};
use crate::endpoint::{Failure, failure_of};
use crate::native::file_sink::read_part;
use crate::native::synthetic_body::synthetic_body;
use crate::native::{DataPlace, Job, Moved, TaskDone};

const OPEN: &str = "the semaphore is never closed";

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

/// The bytes of `job` from `offset` on, from the ring or from the file.
///
/// A body with a checksum is always a stream: the SDK then sends it as a trailer, computed while the body goes out.
/// For a body in one piece it would read all of it once before the first byte is sent.
async fn body(shared: &Shared, job: &Job, offset: u64, len: u64) -> Result<ByteStream, Failure> {
    let streamed = shared.checksum.is_some();
    match &job.place {
        DataPlace::Memory => Ok(synthetic_body(Content::of_key(job.key.as_str()), offset, len, streamed)),
        DataPlace::File(path) => {
            let len = usize::try_from(len).expect("a part fits in memory");
            let bytes = read_part(path.clone(), offset, len).await?;
            Ok(if streamed { stream_of(bytes) } else { ByteStream::from(bytes) })
        }
    }
}

fn stream_of(bytes: Bytes) -> ByteStream {
    ByteStream::new(SdkBody::retryable(move || SdkBody::from_body_1_x(Full::new(bytes.clone()))))
}

fn length(len: u64) -> i64 {
    i64::try_from(len).expect("a part is far below 8 EiB")
}

async fn put(shared: &Shared, job: &Job) -> Result<(), Failure> {
    let _permit = shared.requests.acquire().await.expect(OPEN);
    shared
        .s3
        .put_object()
        .bucket(&shared.bucket)
        .key(job.key.as_str())
        .content_length(length(job.size))
        .set_checksum_algorithm(shared.checksum.map(sdk_checksum))
        .body(body(shared, job, 0, job.size).await?)
        .customize()
        .disable_payload_signing()
        .send()
        .await
        .map_err(|error| failure_of("PutObject", job.key.as_str(), &error))?;
    Ok(())
}

async fn multipart(shared: &Arc<Shared>, job: &Job, moved: &Moved) -> Result<(), Failure> {
    let key = job.key.as_str();
    let created = shared
        .s3
        .create_multipart_upload()
        .bucket(&shared.bucket)
        .key(key)
        .set_checksum_algorithm(shared.checksum.map(sdk_checksum))
        // S3 knows CRC64NVME for whole objects only.
        .set_checksum_type((shared.checksum == Some(Checksum::Crc64nvme)).then_some(ChecksumType::FullObject))
        .send()
        .await
        .map_err(|error| failure_of("CreateMultipartUpload", key, &error))?;
    let Some(upload_id) = created.upload_id else {
        return Err(Failure::local(
            workload_schema::record::ErrorKind::Server,
            format!("CreateMultipartUpload {key}: no upload id in the answer"),
        ));
    };
    shared.open_uploads.add(&upload_id, key);
    let result = match upload_parts(shared, job, &upload_id, moved).await {
        Ok(parts) => complete(shared, key, &upload_id, parts).await,
        Err(failure) => Err(failure),
    };
    if result.is_err() {
        // The failure that led here is the one to report; what cannot be aborted stays listed as open.
        let aborted =
            shared.s3.abort_multipart_upload().bucket(&shared.bucket).key(key).upload_id(&upload_id).send().await;
        if aborted.is_err() {
            return result;
        }
    }
    shared.open_uploads.remove(&upload_id);
    result
}

async fn upload_parts(
    shared: &Arc<Shared>,
    job: &Job,
    upload_id: &str,
    moved: &Moved,
) -> Result<Vec<CompletedPart>, Failure> {
    let part_size = shared.part_size.for_object(job.size);
    let mut running = JoinSet::new();
    let mut parts = Vec::new();
    for (number, offset) in (1..).zip((0..job.size).step_by(usize::try_from(part_size).expect("64-bit"))) {
        let len = part_size.min(job.size - offset);
        let permit = Arc::clone(&shared.requests).acquire_owned().await.map_err(unreachable)?;
        let part = upload_part(Arc::clone(shared), job.clone(), upload_id.to_owned(), number, offset, len);
        running.spawn(async move {
            let _permit = permit;
            part.await.map(|part| (part, len))
        });
        while let Some(joined) = running.try_join_next() {
            take(joined, &mut parts, moved)?;
        }
    }
    while let Some(joined) = running.join_next().await {
        take(joined, &mut parts, moved)?;
    }
    parts.sort_unstable_by_key(CompletedPart::part_number);
    Ok(parts)
}

fn unreachable(_: AcquireError) -> Failure {
    Failure::local(workload_schema::record::ErrorKind::Other, OPEN)
}

type Joined = Result<Result<(CompletedPart, u64), Failure>, tokio::task::JoinError>;

fn take(joined: Joined, parts: &mut Vec<CompletedPart>, moved: &Moved) -> Result<(), Failure> {
    let (part, len) = match joined {
        Ok(result) => result?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    moved.add(len);
    parts.push(part);
    Ok(())
}

async fn upload_part(
    shared: Arc<Shared>,
    job: Job,
    upload_id: String,
    number: i32,
    offset: u64,
    len: u64,
) -> Result<CompletedPart, Failure> {
    let answer = shared
        .s3
        .upload_part()
        .bucket(&shared.bucket)
        .key(job.key.as_str())
        .upload_id(upload_id)
        .part_number(number)
        .content_length(length(len))
        .set_checksum_algorithm(shared.checksum.map(sdk_checksum))
        .body(body(&shared, &job, offset, len).await?)
        .customize()
        .disable_payload_signing()
        .send()
        .await
        .map_err(|error| failure_of("UploadPart", job.key.as_str(), &error))?;
    Ok(CompletedPart::builder()
        .part_number(number)
        .set_e_tag(answer.e_tag)
        .set_checksum_crc32(answer.checksum_crc32)
        .set_checksum_crc32_c(answer.checksum_crc32_c)
        .set_checksum_crc64_nvme(answer.checksum_crc64_nvme)
        .set_checksum_sha1(answer.checksum_sha1)
        .set_checksum_sha256(answer.checksum_sha256)
        .build())
}

async fn complete(shared: &Shared, key: &str, upload_id: &str, parts: Vec<CompletedPart>) -> Result<(), Failure> {
    shared
        .s3
        .complete_multipart_upload()
        .bucket(&shared.bucket)
        .key(key)
        .upload_id(upload_id)
        .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(parts)).build())
        .send()
        .await
        .map_err(|error| failure_of("CompleteMultipartUpload", key, &error))?;
    Ok(())
}
