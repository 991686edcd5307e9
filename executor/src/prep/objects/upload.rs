//! Uploads objects, many at once. An open multipart upload is aborted on every way out but success.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use aws_sdk_s3::config::{Builder, Config, RequestChecksumCalculation};
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};
use futures_util::{StreamExt, TryStreamExt};
use synthetic_content::Content;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use workload_schema::Checksum;

use super::body::synthetic;
use super::part::{is_in_parts, parts};
use super::{ObjectSurvey, Wanted};
use crate::prep::{BucketClient, Meter, PrepError, UntilCancelled};
use s3_clients::endpoint::failure_of;
use wlx_terminal as terminal;

/// Concurrent uploads in parts: few, so that an interrupt finds most objects whole.
const OPEN_UPLOADS: usize = 2;

/// Uploads the objects that `survey` found missing.
pub(crate) async fn upload(
    survey: &ObjectSurvey,
    store: &BucketClient,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    let (large, small): (Vec<_>, Vec<_>) = survey.upload.iter().partition(|wanted| is_in_parts(wanted));
    let uploader = Uploader {
        store,
        meter: Meter::new("objects", survey.to_upload().bytes),
        requests: Semaphore::new(store.concurrency),
        without_checksum: AtomicU64::new(0),
    };
    let uploader = &uploader;
    stop.for_each(small, store.concurrency, |wanted, stop| async move { stop.unless(uploader.put(wanted)).await })
        .await?;
    stop.for_each(large, OPEN_UPLOADS, |wanted, stop| uploader.in_parts(wanted, stop)).await?;
    match uploader.without_checksum.load(Relaxed) {
        0 => {}
        count => terminal::warning(&format!(
            "the store keeps no checksums: {count} objects lack the one their workload asks for"
        )),
    }
    Ok(())
}

struct Uploader<'a> {
    store: &'a BucketClient,
    meter: Arc<Meter>,
    requests: Semaphore,
    without_checksum: AtomicU64,
}

impl Uploader<'_> {
    async fn put(&self, wanted: &Wanted) -> Result<(), PrepError> {
        let (key, size) = (wanted.key.as_str(), wanted.need.size);
        let request = self.store.s3.put_object().bucket(self.store.bucket.as_str()).key(key);
        let answer = request
            .set_checksum_algorithm(wanted.need.checksum.map(algorithm))
            .content_length(signed(size))
            .body(synthetic(Content::of_key(key), 0, size, &self.meter))
            .customize()
            .config_override(checksum_override(wanted.need.checksum))
            .disable_payload_signing()
            .send()
            .await
            .map_err(|error| failure_of("upload", key, &error))?;
        if wanted.need.checksum.is_some_and(|checksum| !has_checksum(&answer, checksum)) {
            self.without_checksum.fetch_add(1, Relaxed);
        }
        Ok(())
    }

    async fn in_parts(&self, wanted: &Wanted, stop: CancellationToken) -> Result<(), PrepError> {
        let key = wanted.key.as_str();
        let request = self.store.s3.create_multipart_upload().bucket(self.store.bucket.as_str()).key(key);
        // S3 knows CRC64NVME for whole objects only.
        let whole = wanted.need.checksum == Some(Checksum::Crc64nvme);
        let open = request
            .set_checksum_algorithm(wanted.need.checksum.map(algorithm))
            .set_checksum_type(whole.then_some(ChecksumType::FullObject))
            .send();
        // An interrupt does not end this request at once: an upload that the store opened must be aborted.
        let upload = stop.patiently(open).await?.map_err(|error| failure_of("open the upload of", key, &error))?;
        let id = upload.upload_id().unwrap_or_default();
        let done = stop.unless(self.all_parts(wanted, id)).await;
        if done.is_err() {
            self.abort(key, id, &stop).await;
        }
        done
    }

    async fn abort(&self, key: &str, upload_id: &str, stop: &CancellationToken) {
        let abort = self.store.s3.abort_multipart_upload().bucket(self.store.bucket.as_str());
        let words = match stop.patiently(abort.key(key).upload_id(upload_id).send()).await {
            Ok(Ok(_)) => return,
            Ok(Err(error)) => failure_of("abort the upload of", key, &error).message,
            Err(_) => format!("abort the upload of {key}: no answer"),
        };
        terminal::warning(&format!("{words}; the bucket's lifecycle rule removes it after a day"));
    }

    async fn all_parts(&self, wanted: &Wanted, upload_id: &str) -> Result<(), PrepError> {
        let mut done: Vec<CompletedPart> = futures_util::stream::iter(parts(wanted.need.size))
            .map(|(number, range)| self.part(wanted, upload_id, number, range))
            .buffer_unordered(self.store.concurrency)
            .try_collect()
            .await?;
        done.sort_by_key(CompletedPart::part_number);
        let request = self.store.s3.complete_multipart_upload().bucket(self.store.bucket.as_str());
        request
            .key(wanted.key.as_str())
            .upload_id(upload_id)
            .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(done)).build())
            .send()
            .await
            .map_err(|error| failure_of("complete the upload of", wanted.key.as_str(), &error))?;
        Ok(())
    }

    async fn part(
        &self,
        wanted: &Wanted,
        upload_id: &str,
        number: i32,
        range: std::ops::Range<u64>,
    ) -> Result<CompletedPart, PrepError> {
        let _permit = self.requests.acquire().await.expect("never closed");
        let (key, size) = (wanted.key.as_str(), range.end - range.start);
        let request = self.store.s3.upload_part().bucket(self.store.bucket.as_str()).key(key);
        let answer = request
            .upload_id(upload_id)
            .part_number(number)
            .set_checksum_algorithm(wanted.need.checksum.map(algorithm))
            .content_length(signed(size))
            .body(synthetic(Content::of_key(key), range.start, size, &self.meter))
            .customize()
            .config_override(checksum_override(wanted.need.checksum))
            .disable_payload_signing()
            .send()
            .await
            .map_err(|error| failure_of("upload a part of", key, &error))?;
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
}

/// The clients of this crate send a checksum only where it is required, which it never is on an upload, even
/// if an algorithm is set. This lifts that rule for requests that want a checksum.
fn checksum_override(checksum: Option<Checksum>) -> Builder {
    let calculation = checksum.map(|_| RequestChecksumCalculation::WhenSupported);
    let mut config = Config::builder();
    config.set_request_checksum_calculation(calculation);
    config
}

fn algorithm(checksum: Checksum) -> ChecksumAlgorithm {
    match checksum {
        Checksum::Crc32 => ChecksumAlgorithm::Crc32,
        Checksum::Crc32c => ChecksumAlgorithm::Crc32C,
        Checksum::Sha1 => ChecksumAlgorithm::Sha1,
        Checksum::Sha256 => ChecksumAlgorithm::Sha256,
        Checksum::Crc64nvme => ChecksumAlgorithm::Crc64Nvme,
    }
}

fn has_checksum(answer: &PutObjectOutput, checksum: Checksum) -> bool {
    match checksum {
        Checksum::Crc32 => answer.checksum_crc32(),
        Checksum::Crc32c => answer.checksum_crc32_c(),
        Checksum::Sha1 => answer.checksum_sha1(),
        Checksum::Sha256 => answer.checksum_sha256(),
        Checksum::Crc64nvme => answer.checksum_crc64_nvme(),
    }
    .is_some()
}

/// S3 counts in signed 64 bits; sizes are checked to be at most 8 EiB - 1.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
