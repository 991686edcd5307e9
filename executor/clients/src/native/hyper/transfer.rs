//! The requests of a transfer, as calls over our own connections.

use http::HeaderValue;

use super::download::{self, HyperBody};
use super::requests::HyperRequests;
use super::{upload, xml};
use crate::endpoint::{Counters, Failure};
use crate::native::Job;
use crate::native::transfer::{Answer, Part, Requests};

impl Requests for HyperRequests {
    type Body = HyperBody;
    type Version = HeaderValue;
    type StoredPart = xml::CompletedPart;

    async fn get_whole(&self, job: &Job) -> Result<Answer<Self>, Failure> {
        download::get_whole(self, job).await
    }

    async fn get_range(&self, job: &Job, range: Part, version: Option<HeaderValue>) -> Result<Answer<Self>, Failure> {
        download::get_range(self, job, range, version).await
    }

    async fn put(&self, job: &Job) -> Result<(), Failure> {
        upload::put(self, job).await
    }

    async fn create_upload(&self, job: &Job) -> Result<String, Failure> {
        upload::create(self, job.key.as_str()).await
    }

    async fn put_part(&self, job: &Job, upload_id: &str, part: Part) -> Result<xml::CompletedPart, Failure> {
        upload::put_part(self, job, upload_id, part).await
    }

    async fn complete_upload(&self, job: &Job, upload_id: &str, parts: Vec<xml::CompletedPart>) -> Result<(), Failure> {
        upload::complete(self, job.key.as_str(), upload_id, &parts).await
    }

    async fn abort_upload(&self, key: &str, upload_id: &str) -> bool {
        upload::abort(self, key, upload_id).await
    }

    fn counters(&self) -> Counters {
        self.wire.counter.counters()
    }
}
