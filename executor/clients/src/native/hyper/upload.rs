//! Requests with a payload, and those around the parts of an upload.

use http::{HeaderName, HeaderValue, Method, header};
use synthetic_content::Content;
use workload_schema::Checksum;
use workload_schema::ErrorKind;

use super::address::in_query;
use super::body::RequestBody;
use super::checksum::header_of;
use super::requests::HyperRequests;
use super::wire::Call;
use super::xml;
use crate::endpoint::Failure;
use crate::native::file_sink::read_part;
use crate::native::transfer::Part;
use crate::native::{DataPlace, Job};

/// Stores the object of `job` with one request.
pub async fn put(requests: &HyperRequests, job: &Job) -> Result<(), Failure> {
    let target = requests.wire.address.path(job.key.as_str());
    let call = Call::new("PutObject", job.key.as_str(), Method::PUT, target);
    send(requests, job, call, 0, job.size).await.map(drop)
}

/// Stores a part.
pub async fn put_part(
    requests: &HyperRequests,
    job: &Job,
    upload_id: &str,
    part: Part,
) -> Result<xml::CompletedPart, Failure> {
    let key = job.key.as_str();
    let (path, id) = (requests.wire.address.path(key), in_query(upload_id));
    let number = part.number;
    let call = Call::new("UploadPart", key, Method::PUT, format!("{path}?partNumber={number}&uploadId={id}"));
    let missing = call.failure(ErrorKind::Server, "no ETag in the answer");
    let (etag, checksum) = send(requests, job, call, part.offset, part.len).await?;
    Ok(xml::CompletedPart { number, etag: etag.ok_or(missing)?, checksum })
}

/// Sends the bytes of `job` from `offset` on with `call`; answers the tag and the checksum.
async fn send(
    requests: &HyperRequests,
    job: &Job,
    mut call: Call<'_>,
    offset: u64,
    len: u64,
) -> Result<(Option<String>, Option<String>), Failure> {
    call.body = body(job, offset, len).await?;
    let checksum = requests.checksum.map(|checksum| call.body.checksum(checksum));
    if let Some((algorithm, value)) = requests.checksum.zip(checksum.as_deref()) {
        call.amz.push((header_of(algorithm), HeaderValue::from_str(value).expect("base64 is ASCII")));
    }
    let (head, _) = requests.wire.exchange(&call).await?;
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

/// Opens a multipart upload; answers its id.
pub async fn create(requests: &HyperRequests, key: &str) -> Result<String, Failure> {
    let path = requests.wire.address.path(key);
    let mut call = Call::new("CreateMultipartUpload", key, Method::POST, format!("{path}?uploads="));
    if let Some(checksum) = requests.checksum {
        let amz = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        call.amz.push(amz("x-amz-checksum-algorithm", checksum.as_str()));
        // S3 knows CRC64NVME for whole objects only.
        if checksum == Checksum::Crc64nvme {
            call.amz.push(amz("x-amz-checksum-type", "FULL_OBJECT"));
        }
    }
    let (_, answer) = requests.wire.exchange(&call).await?;
    xml::text_of(&answer, "UploadId").ok_or_else(|| call.failure(ErrorKind::Server, "no upload id in the answer"))
}

/// Makes the object from its parts.
pub async fn complete(
    requests: &HyperRequests,
    key: &str,
    upload_id: &str,
    parts: &[xml::CompletedPart],
) -> Result<(), Failure> {
    let mut call = Call::new("CompleteMultipartUpload", key, Method::POST, target(requests, key, upload_id));
    let algorithm = requests.checksum.map_or("", Checksum::as_str);
    call.body = RequestBody::Piece(xml::complete(parts, algorithm).into());
    requests.wire.exchange(&call).await.map(drop)
}

/// Aborts an upload; answers whether that worked.
pub async fn abort(requests: &HyperRequests, key: &str, upload_id: &str) -> bool {
    let call = Call::new("AbortMultipartUpload", key, Method::DELETE, target(requests, key, upload_id));
    requests.wire.exchange(&call).await.is_ok()
}

/// Path and query of an upload, escaped.
fn target(requests: &HyperRequests, key: &str, upload_id: &str) -> String {
    format!("{}?uploadId={}", requests.wire.address.path(key), in_query(upload_id))
}
