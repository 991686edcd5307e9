//! The requests, as calls over our own connections.

use std::sync::Arc;

use http::HeaderValue;
use rustls::RootCertStore;
use workload_schema::Checksum;

use super::address::Address;
use super::connection::{Pool, connector_trusting};
use super::download::{self, HyperBody};
use super::signer::Signer;
use super::wire::Wire;
use super::{upload, xml};
use crate::endpoint::{Counters, Failure, RequestCounter};
use crate::native::transfer::{Answer, Part, Requests};
use crate::native::{ClientSettings, Job, MakeError};

/// The way to the store, and the checksum to send and validate.
#[derive(Debug)]
pub struct HyperRequests {
    pub(super) wire: Wire,
    pub(super) checksum: Option<Checksum>,
}

impl HyperRequests {
    /// Requests to the bucket of `settings`, over connections that trust `roots`.
    pub async fn trusting(roots: RootCertStore, settings: &ClientSettings) -> Result<Self, MakeError> {
        let address = Address::of(&settings.connection, &settings.bucket)?;
        let wire = Wire {
            pool: Arc::new(Pool::new(address.origin.clone(), connector_trusting(roots))),
            address,
            signer: Signer::new(settings.connection.credentials().await, settings.connection.region.clone()),
            counter: RequestCounter::default(),
        };
        Ok(Self { wire, checksum: settings.checksum })
    }
}

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
