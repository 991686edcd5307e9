//! The requests of a transfer, as calls of the SDK.

use aws_sdk_s3::types::{ChecksumMode, CompletedPart};

use super::download::{SdkBody, answer_of, check_validated};
use super::requests::SdkRequests;
use super::upload;
use crate::endpoint::{Counters, Failure, failure_of};
use crate::native::Job;
use crate::native::transfer::{Answer, Part, Requests};

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
