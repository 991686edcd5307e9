//! The requests that a transfer consists of.

use std::future::Future;

use super::{Body, Part};
use crate::endpoint::{Counters, Failure};
use crate::native::Job;

/// The requests of one client. Each sends again by itself what is worth it, and answers when it has the store's answer.
pub trait Requests: Send + Sync + 'static {
    /// The body of a download.
    type Body: Body;
    /// What tells a version of an object from another, to read all its ranges from the same one.
    type Version: Clone + Send;
    /// A stored part, as the completion of its upload names it.
    type StoredPart: Send + 'static;

    /// Reads the whole object of `job`.
    fn get_whole(&self, job: &Job) -> impl Future<Output = Result<Answer<Self>, Failure>> + Send;

    /// Reads `range` of the object of `job`, of `version` if one is given. The version of the answer is needed where
    /// none is given.
    fn get_range(
        &self,
        job: &Job,
        range: Part,
        version: Option<Self::Version>,
    ) -> impl Future<Output = Result<Answer<Self>, Failure>> + Send;

    /// Stores the object of `job` with one request.
    fn put(&self, job: &Job) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Opens a multipart upload of the object of `job`; answers its id.
    fn create_upload(&self, job: &Job) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Stores `part` of the object of `job`.
    fn put_part(
        &self,
        job: &Job,
        upload_id: &str,
        part: Part,
    ) -> impl Future<Output = Result<Self::StoredPart, Failure>> + Send;

    /// Makes the object of `job` from all `parts`, which are in order.
    fn complete_upload(
        &self,
        job: &Job,
        upload_id: &str,
        parts: Vec<Self::StoredPart>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Aborts an upload; answers whether that worked.
    fn abort_upload(&self, key: &str, upload_id: &str) -> impl Future<Output = bool> + Send;

    /// What was counted so far.
    fn counters(&self) -> Counters;
}

/// The answer to a read, its body not yet read.
#[derive(Debug)]
pub struct Answer<R: Requests + ?Sized> {
    /// The body.
    pub body: R::Body,
    /// Length of the body in bytes, if the store announces it.
    pub announced: Option<u64>,
    /// Version of the object.
    pub version: Option<R::Version>,
}
