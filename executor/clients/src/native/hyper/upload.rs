//! Uploads: one PUT up to a part's size, else a multipart upload with its parts in parallel.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, header};
use synthetic_content::Content;
use tokio::task::{JoinError, JoinSet};
use workload_schema::Checksum;
use workload_schema::record::ErrorKind;

use super::address::in_query;
use super::body::RequestBody;
use super::checksum::header_of;
use super::wire::Call;
use super::xml::{self, Part};
use super::{OPEN, Shared};
use crate::endpoint::Failure;
use crate::native::file_sink::read_part;
use crate::native::{DataPlace, Job, Moved, TaskDone};

/// Uploads the object of `job`.
pub async fn upload(shared: &Arc<Shared>, job: &Job, moved: &Moved) -> Result<TaskDone, Failure> {
    if job.size <= shared.part_size.get() {
        let target = shared.wire.address.path(job.key.as_str());
        let _permit = shared.requests.acquire().await.expect(OPEN);
        put(shared, job, Call::new("PutObject", job.key.as_str(), Method::PUT, target), 0, job.size).await?;
        moved.add(job.size);
    } else {
        multipart(shared, job, moved).await?;
    }
    Ok(TaskDone { bytes: job.size, first_byte: None })
}

/// Sends the bytes of `job` from `offset` on with `call`; answers the tag and the checksum.
async fn put(
    shared: &Shared,
    job: &Job,
    mut call: Call<'_>,
    offset: u64,
    len: u64,
) -> Result<(Option<String>, Option<String>), Failure> {
    call.body = body(job, offset, len).await?;
    let checksum = shared.checksum.map(|checksum| call.body.checksum(checksum));
    if let Some((algorithm, value)) = shared.checksum.zip(checksum.as_deref()) {
        call.amz.push((header_of(algorithm), HeaderValue::from_str(value).expect("base64 is ASCII")));
    }
    let (head, _) = shared.wire.exchange(&call).await?;
    let etag = head.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    Ok((etag, checksum))
}

/// The bytes of `job` from `offset` on, from the ring or from the file.
async fn body(job: &Job, offset: u64, len: u64) -> Result<RequestBody, Failure> {
    Ok(match &job.place {
        DataPlace::Memory => RequestBody::synthetic(Content::of_key(job.key.as_str()), offset, len),
        DataPlace::File(path) => {
            let len = usize::try_from(len).expect("a part fits in memory");
            RequestBody::Piece(read_part(path.clone(), offset, len).await?)
        }
    })
}

async fn multipart(shared: &Arc<Shared>, job: &Job, moved: &Moved) -> Result<(), Failure> {
    let key = job.key.as_str();
    let path = shared.wire.address.path(key);
    let upload_id = create(shared, key, &path).await?;
    shared.open_uploads.add(&upload_id, key);
    let upload = format!("uploadId={}", in_query(&upload_id));
    let result = match upload_parts(shared, job, &path, &upload, moved).await {
        Ok(parts) => complete(shared, key, &format!("{path}?{upload}"), &parts).await,
        Err(failure) => Err(failure),
    };
    // The failure that led here is the one to report; what cannot be aborted stays listed as open.
    if result.is_ok() || abort(shared, key, &upload_id).await {
        shared.open_uploads.remove(&upload_id);
    }
    result
}

async fn create(shared: &Shared, key: &str, path: &str) -> Result<String, Failure> {
    let mut call = Call::new("CreateMultipartUpload", key, Method::POST, format!("{path}?uploads="));
    if let Some(checksum) = shared.checksum {
        let amz = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        call.amz.push(amz("x-amz-checksum-algorithm", checksum.as_str()));
        // S3 knows CRC64NVME for whole objects only.
        if checksum == Checksum::Crc64nvme {
            call.amz.push(amz("x-amz-checksum-type", "FULL_OBJECT"));
        }
    }
    let (_, answer) = shared.wire.exchange(&call).await?;
    xml::text_of(&answer, "UploadId").ok_or_else(|| call.failure(ErrorKind::Server, "no upload id in the answer"))
}

async fn upload_parts(
    shared: &Arc<Shared>,
    job: &Job,
    path: &str,
    upload: &str,
    moved: &Moved,
) -> Result<Vec<Part>, Failure> {
    let part_size = shared.part_size.for_object(job.size);
    let mut running = JoinSet::new();
    let mut parts = Vec::new();
    for (number, offset) in (1..).zip((0..job.size).step_by(usize::try_from(part_size).expect("64-bit"))) {
        let len = part_size.min(job.size - offset);
        let permit = Arc::clone(&shared.requests).acquire_owned().await.expect(OPEN);
        let (shared, job) = (Arc::clone(shared), job.clone());
        let target = format!("{path}?partNumber={number}&{upload}");
        running.spawn(async move {
            let _permit = permit;
            upload_part(&shared, &job, target, number, offset, len).await.map(|part| (part, len))
        });
        while let Some(joined) = running.try_join_next() {
            take(joined, &mut parts, moved)?;
        }
    }
    while let Some(joined) = running.join_next().await {
        take(joined, &mut parts, moved)?;
    }
    parts.sort_unstable_by_key(|part| part.number);
    Ok(parts)
}

fn take(
    joined: Result<Result<(Part, u64), Failure>, JoinError>,
    parts: &mut Vec<Part>,
    moved: &Moved,
) -> Result<(), Failure> {
    let (part, len) = match joined {
        Ok(result) => result?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    moved.add(len);
    parts.push(part);
    Ok(())
}

async fn upload_part(
    shared: &Shared,
    job: &Job,
    target: String,
    number: u32,
    offset: u64,
    len: u64,
) -> Result<Part, Failure> {
    let call = Call::new("UploadPart", job.key.as_str(), Method::PUT, target);
    let missing = call.failure(ErrorKind::Server, "no ETag in the answer");
    let (etag, checksum) = put(shared, job, call, offset, len).await?;
    Ok(Part { number, etag: etag.ok_or(missing)?, checksum })
}

async fn complete(shared: &Shared, key: &str, target: &str, parts: &[Part]) -> Result<(), Failure> {
    let mut call = Call::new("CompleteMultipartUpload", key, Method::POST, target.to_owned());
    let algorithm = shared.checksum.map_or("", Checksum::as_str);
    call.body = RequestBody::Piece(xml::complete(parts, algorithm).into());
    shared.wire.exchange(&call).await.map(drop)
}

/// Aborts an upload; answers whether that worked.
pub async fn abort(shared: &Shared, key: &str, upload_id: &str) -> bool {
    let target = format!("{}?uploadId={}", shared.wire.address.path(key), in_query(upload_id));
    shared.wire.exchange(&Call::new("AbortMultipartUpload", key, Method::DELETE, target)).await.is_ok()
}
