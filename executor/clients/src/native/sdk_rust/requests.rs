//! The requests, as calls of the SDK.

use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::types::{ChecksumMode, CompletedPart};
use workload_schema::Checksum;

use super::download::{SdkBody, answer_of, check_validated};
use super::upload;
use crate::endpoint::{Counters, Failure, RequestCounter, failure_of};
use crate::native::transfer::{Answer, Part, Requests};
use crate::native::{ClientSettings, Job};

/// The SDK's client and what it is used with.
#[derive(Debug)]
pub struct SdkRequests {
    pub(super) s3: aws_sdk_s3::Client,
    pub(super) bucket: String,
    pub(super) checksum: Option<Checksum>,
    counter: RequestCounter,
}

impl SdkRequests {
    /// Requests to the bucket of `settings`.
    pub async fn new(settings: &ClientSettings) -> Self {
        let counter = RequestCounter::default();
        Self {
            s3: sending(settings.checksum, settings.connection.s3(&counter).await),
            bucket: settings.bucket.as_str().to_owned(),
            checksum: settings.checksum,
            counter,
        }
    }

    /// The workload's checksum in the SDK's words.
    pub(super) fn algorithm(&self) -> Option<aws_sdk_s3::types::ChecksumAlgorithm> {
        self.checksum.map(|checksum| checksum.as_str().into())
    }
}

/// The client with checksums on its uploads where the workload wants one.
///
/// A connection's client sends them only where S3 requires one, and then drops even an algorithm that is set.
fn sending(checksum: Option<Checksum>, s3: aws_sdk_s3::Client) -> aws_sdk_s3::Client {
    if checksum.is_none() {
        return s3;
    }
    let config = s3.config().to_builder().request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
    aws_sdk_s3::Client::from_conf(config.build())
}

impl Requests for SdkRequests {
    type Body = SdkBody;
    type Version = String;
    type StoredPart = CompletedPart;

    async fn get_whole(&self, job: &Job) -> Result<Answer<Self>, Failure> {
        let key = job.key.as_str();
        let mode = self.checksum.map(|_| ChecksumMode::Enabled);
        let get = self.s3.get_object().bucket(&self.bucket).key(key).set_checksum_mode(mode);
        let answer = get.send().await.map_err(|error| failure_of("GetObject", key, &error))?;
        if let Some(checksum) = self.checksum {
            check_validated(checksum, &answer, job)?;
        }
        Ok(answer_of(answer))
    }

    async fn get_range(&self, job: &Job, range: Part, version: Option<String>) -> Result<Answer<Self>, Failure> {
        let key = job.key.as_str();
        let get = self.s3.get_object().bucket(&self.bucket).key(key).range(range.header()).set_if_match(version);
        let answer = get.send().await.map_err(|error| failure_of("GetObject", key, &error))?;
        Ok(answer_of(answer))
    }

    async fn put(&self, job: &Job) -> Result<(), Failure> {
        upload::put(self, job).await
    }

    async fn create_upload(&self, job: &Job) -> Result<String, Failure> {
        upload::create(self, job.key.as_str()).await
    }

    async fn put_part(&self, job: &Job, upload_id: &str, part: Part) -> Result<CompletedPart, Failure> {
        upload::put_part(self, job, upload_id, part).await
    }

    async fn complete_upload(&self, job: &Job, upload_id: &str, parts: Vec<CompletedPart>) -> Result<(), Failure> {
        upload::complete(self, job.key.as_str(), upload_id, parts).await
    }

    async fn abort_upload(&self, key: &str, upload_id: &str) -> bool {
        let abort = self.s3.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload_id);
        abort.send().await.is_ok()
    }

    fn counters(&self) -> Counters {
        self.counter.counters()
    }
}
