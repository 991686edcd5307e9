//! Answers to reads.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::GetResult;

use super::failure;
use super::requests::ObjectStoreRequests;
use crate::endpoint::Failure;
use crate::native::Job;
use crate::native::transfer::{Answer, Body};

/// The body of a download.
pub struct StreamBody(BoxStream<'static, object_store::Result<Bytes>>);

impl Body for StreamBody {
    async fn chunk(&mut self, job: &Job) -> Option<Result<Bytes, Failure>> {
        self.0.next().await.map(|chunk| chunk.map_err(|error| failure::of("GetObject", job, &error)))
    }
}

/// The crate's answer in the words of the transfer.
pub fn answer_of(mut answer: GetResult) -> Answer<ObjectStoreRequests> {
    Answer {
        announced: Some(answer.range.end - answer.range.start),
        version: answer.meta.e_tag.take(),
        body: StreamBody(answer.into_stream()),
    }
}
