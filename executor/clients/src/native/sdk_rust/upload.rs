//! Requests with a payload, and those around the parts of an upload.

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{ChecksumType, CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use http_body_util::Full;
use synthetic_content::Content;
use workload_schema::Checksum;
use workload_schema::ErrorKind;

use super::requests::SdkRequests;
use crate::endpoint::{Failure, failure_of};
use crate::native::file_sink::read_part;
use crate::native::synthetic_body::synthetic_body;
use crate::native::transfer::Part;
use crate::native::{DataPlace, Job};

/// The bytes of `job` from `offset` on, from the ring or from the file.
///
/// A body with a checksum is always a stream: the SDK then sends it as a trailer, computed while the body goes out.
/// For a body in one piece it would read all of it once before the first byte is sent.
async fn body(requests: &SdkRequests, job: &Job, offset: u64, len: u64) -> Result<ByteStream, Failure> {
    let streamed = requests.checksum.is_some();
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

/// Stores the object of `job` with one request.
pub async fn put(requests: &SdkRequests, job: &Job) -> Result<(), Failure> {
    let put = requests
        .s3
        .put_object()
        .bucket(&requests.bucket)
        .key(job.key.as_str())
        .content_length(length(job.size))
        .set_checksum_algorithm(requests.algorithm())
        .body(body(requests, job, 0, job.size).await?)
        .customize()
        .disable_payload_signing();
    put.send().await.map_err(|error| failure_of("PutObject", job.key.as_str(), &error))?;
    Ok(())
}

/// Opens a multipart upload; answers its id.
pub async fn create(requests: &SdkRequests, key: &str) -> Result<String, Failure> {
    let create = requests
        .s3
        .create_multipart_upload()
        .bucket(&requests.bucket)
        .key(key)
        .set_checksum_algorithm(requests.algorithm())
        // S3 knows CRC64NVME for whole objects only.
        .set_checksum_type((requests.checksum == Some(Checksum::Crc64nvme)).then_some(ChecksumType::FullObject));
    let created = create.send().await.map_err(|error| failure_of("CreateMultipartUpload", key, &error))?;
    created.upload_id.ok_or_else(|| {
        Failure::local(ErrorKind::Server, format!("CreateMultipartUpload {key}: no upload id in the answer"))
    })
}

/// Stores a part.
pub async fn put_part(
    requests: &SdkRequests,
    job: &Job,
    upload_id: &str,
    part: Part,
) -> Result<CompletedPart, Failure> {
    let number = i32::try_from(part.number).expect("an object has at most 10,000 parts");
    let put = requests
        .s3
        .upload_part()
        .bucket(&requests.bucket)
        .key(job.key.as_str())
        .upload_id(upload_id)
        .part_number(number)
        .content_length(length(part.len))
        .set_checksum_algorithm(requests.algorithm())
        .body(body(requests, job, part.offset, part.len).await?)
        .customize()
        .disable_payload_signing();
    let answer = put.send().await.map_err(|error| failure_of("UploadPart", job.key.as_str(), &error))?;
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

/// Makes the object from its parts.
pub async fn complete(
    requests: &SdkRequests,
    key: &str,
    upload_id: &str,
    parts: Vec<CompletedPart>,
) -> Result<(), Failure> {
    let complete = requests
        .s3
        .complete_multipart_upload()
        .bucket(&requests.bucket)
        .key(key)
        .upload_id(upload_id)
        .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(parts)).build());
    complete.send().await.map_err(|error| failure_of("CompleteMultipartUpload", key, &error))?;
    Ok(())
}
