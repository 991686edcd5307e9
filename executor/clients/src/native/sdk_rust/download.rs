//! Answers to reads: the SDK validates a checksum while the body is read.

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError};
use bytes::Bytes;
use workload_schema::Checksum;
use workload_schema::ErrorKind;

use super::requests::SdkRequests;
use crate::endpoint::{Failure, error_chain};
use crate::native::Job;
use crate::native::transfer::{Answer, Body};

/// The body of a download.
#[derive(Debug)]
pub struct SdkBody(ByteStream);

impl Body for SdkBody {
    async fn chunk(&mut self, job: &Job) -> Option<Result<Bytes, Failure>> {
        self.0.next().await.map(|chunk| chunk.map_err(|error| broken(job, &error)))
    }
}

/// The SDK's answer in the words of the transfer.
pub fn answer_of(answer: GetObjectOutput) -> Answer<SdkRequests> {
    Answer {
        announced: answer.content_length.and_then(|length| u64::try_from(length).ok()),
        version: answer.e_tag,
        body: SdkBody(answer.body),
    }
}

/// Fails unless the answer carries a checksum that the SDK validates while the body is read.
pub fn check_validated(checksum: Checksum, answer: &GetObjectOutput, job: &Job) -> Result<(), Failure> {
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

fn broken(job: &Job, error: &ByteStreamError) -> Failure {
    let words = error_chain(error);
    let kind = if words.contains("checksum") { ErrorKind::Integrity } else { ErrorKind::Connection };
    Failure::local(kind, format!("GetObject {}: the body broke off: {words}", job.key))
}
