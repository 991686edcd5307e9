//! Uploads: one PUT up to a part's size, else a stream of bytes that the CRT cuts into parts.
//!
//! A PUT sends a slice of the ring as it is; of a stream the CRT copies each part.

use std::sync::Arc;

use bytes::Bytes;
use mountpoint_s3_client::checksums::crc64nvme;
use mountpoint_s3_client::error::{ObjectClientError, PutObjectError};
use mountpoint_s3_client::types::{
    ChecksumAlgorithm, PutObjectParams, PutObjectSingleParams, PutObjectTrailingChecksums, UploadChecksum,
    UploadReviewOutcome,
};
use mountpoint_s3_client::{ObjectClient, PutObjectRequest, S3RequestError, checksums};
use synthetic_content::Content;
use workload_schema::Checksum;

use super::{CrtRustClient, failure};
use crate::endpoint::{Failure, failure_of_answer};
use crate::native::file_sink::read_part;
use crate::native::{DataPlace, Job, Moved, TaskDone, contiguous};

type PutError = ObjectClientError<PutObjectError, S3RequestError>;

/// Bytes that are written to a stream at once.
const PIECE: u64 = 8 << 20;

impl CrtRustClient {
    /// Uploads the object of `job`.
    pub(super) async fn upload(&self, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
        if job.size <= self.part_size.get().min(contiguous::LONGEST as u64) {
            self.put(job).await?;
            moved.add(job.size);
        } else {
            self.stream(job, moved).await?;
        }
        Ok(TaskDone { bytes: job.size, first_byte: None })
    }

    async fn put(&self, job: &Job) -> Result<(), Failure> {
        let content = bytes_of(job, 0, job.size).await?;
        let checksum = self.checksum.map(|checksum| checksum_of(checksum, &content)).transpose();
        let params = PutObjectSingleParams::new().checksum(checksum.map_err(|error| put_failure(job, error))?);
        let put = self.crt.put_object_single(&self.bucket, job.key.as_str(), &params, content).await;
        put.map_err(|error| failure::of_put(job, &error))?;
        Ok(())
    }

    async fn stream(&self, job: &Job, moved: &Arc<Moved>) -> Result<(), Failure> {
        let params = PutObjectParams::new().trailing_checksums(trailing(self.checksum));
        let started = self.crt.put_object(&self.bucket, job.key.as_str(), &params).await;
        let mut request = started.map_err(|error| failure::of_put(job, &error))?;
        let mut whole = (self.checksum == Some(Checksum::Crc64nvme)).then(crc64nvme::Crc64nvmeHasher::new);
        let mut offset = 0;
        while offset < job.size {
            let len = PIECE.min(job.size - offset);
            let piece = bytes_of(job, offset, len).await?;
            if let Some(whole) = &mut whole {
                whole.update(&piece);
            }
            request.write(&piece).await.map_err(|error| self.broken_stream(job, &error))?;
            moved.add(len);
            offset += len;
        }
        // S3 knows CRC64NVME for whole objects only; the others it makes of those of the parts.
        let whole = whole.map(|whole| UploadChecksum::Crc64nvme(whole.finalize()));
        let completed = request.review_and_complete(move |_| UploadReviewOutcome::Proceed(whole)).await;
        completed.map_err(|error| self.broken_stream(job, &error))?;
        Ok(())
    }

    /// Why a stream broke off. The stream itself knows only that it has ended; the cause is that of its last request.
    fn broken_stream(&self, job: &Job, error: &PutError) -> Failure {
        let told = failure::of_put(job, error);
        if told.http_status.is_some() {
            return told;
        }
        let Some(request) = self.ledger.last_failure_of(&self.bucket, job.key.as_str()) else { return told };
        match request.status {
            Some(status) => failure_of_answer(&request.operation, job.key.as_str(), status, None, Some(request.words)),
            None => told,
        }
    }
}

/// The bytes of `job` from `offset` on: a slice of the ring without a copy, or of the file.
async fn bytes_of(job: &Job, offset: u64, len: u64) -> Result<Bytes, Failure> {
    let len = usize::try_from(len).expect("a piece fits in memory");
    match &job.place {
        DataPlace::Memory => Ok(contiguous::slice(Content::of_key(job.key.as_str()), offset, len)),
        DataPlace::File(path) => read_part(path.clone(), offset, len).await,
    }
}

fn put_failure(job: &Job, error: mountpoint_s3_client::error::CrtError) -> Failure {
    failure::of_put(job, &ObjectClientError::ClientError(S3RequestError::CrtError(error)))
}

/// The checksum of `content`, by the CRT's own functions.
fn checksum_of(checksum: Checksum, content: &[u8]) -> Result<UploadChecksum, mountpoint_s3_client::error::CrtError> {
    Ok(match checksum {
        Checksum::Crc32 => UploadChecksum::Crc32(checksums::crc32::checksum(content)),
        Checksum::Crc32c => UploadChecksum::Crc32c(checksums::crc32c::checksum(content)),
        Checksum::Crc64nvme => UploadChecksum::Crc64nvme(crc64nvme::checksum(content)),
        Checksum::Sha1 => UploadChecksum::Sha1(checksums::sha1::checksum(content)?),
        Checksum::Sha256 => UploadChecksum::Sha256(checksums::sha256::checksum(content)?),
    })
}

fn trailing(checksum: Option<Checksum>) -> PutObjectTrailingChecksums {
    match checksum {
        None => PutObjectTrailingChecksums::Disabled,
        Some(Checksum::Crc32) => PutObjectTrailingChecksums::Composite(ChecksumAlgorithm::Crc32),
        Some(Checksum::Crc32c) => PutObjectTrailingChecksums::Composite(ChecksumAlgorithm::Crc32c),
        Some(Checksum::Sha1) => PutObjectTrailingChecksums::Composite(ChecksumAlgorithm::Sha1),
        Some(Checksum::Sha256) => PutObjectTrailingChecksums::Composite(ChecksumAlgorithm::Sha256),
        Some(Checksum::Crc64nvme) => PutObjectTrailingChecksums::FullObject(ChecksumAlgorithm::Crc64nvme),
    }
}
