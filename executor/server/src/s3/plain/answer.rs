//! Carries plain requests out.

use std::sync::Arc;

use http::{Request, Response, StatusCode};
use s3s::{Body, S3Result, dto::StreamingBlob};

use super::{
    request::PlainRequest,
    response::{read, stored},
    signature::Verifier,
};
use crate::{
    clock::wall_ms,
    config::Credentials,
    objects::{Expectation, ObjectMeta, ObjectRecord, Objects, PartRecord, Precondition, etag},
    s3::receive::{self, Claims, Received},
};

/// Answers plain requests.
pub(crate) struct Plain {
    objects: Arc<Objects>,
    verifier: Verifier,
}

impl Plain {
    pub(crate) fn new(objects: Arc<Objects>, credentials: &Credentials) -> Self {
        Self { objects, verifier: Verifier::new(credentials) }
    }

    /// Answers `request`, or gives it back unchanged.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, Request<Body>> {
        let (head, body) = request.into_parts();
        let answer = match PlainRequest::recognise(&head, &self.objects, &self.verifier) {
            None => return Err(Request::from_parts(head, body)),
            Some(PlainRequest::Get { object, slice }) => return Ok(read(&object, &slice)),
            Some(PlainRequest::Put { bucket, key, length, content_type }) => {
                self.put(&bucket, &key, length, content_type, body).await
            }
            Some(PlainRequest::PutPart { bucket, key, upload, number, length }) => {
                self.put_part(&bucket, &key, &upload, number, length, body).await
            }
        };
        Ok(answer.or_else(s3s::S3Error::to_http_response).unwrap_or_else(|_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }))
    }

    async fn receive(&self, body: Body, expectation: Expectation, length: u64) -> S3Result<Received> {
        let claims = Claims { length: Some(length), md5: None, checksum: None, trailer: None, compute: None };
        receive::receive(&self.objects, Some(StreamingBlob::from(body)), expectation, claims, None).await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        length: u64,
        content_type: Option<String>,
        body: Body,
    ) -> S3Result<Response<Body>> {
        let Received { body, .. } = self.receive(body, Expectation::whole(key), length).await?;
        let etag = etag::of_segments(&body.segments);
        let response = stored(&etag);
        let object = ObjectRecord {
            size: body.size,
            etag,
            modified_ms: wall_ms(),
            segments: body.segments,
            checksum: None,
            meta: ObjectMeta { content_type, ..ObjectMeta::default() },
            parts: Vec::new(),
        };
        self.objects.put(bucket, key, object, &Precondition::None)?;
        drop(body.blob);
        Ok(response)
    }

    async fn put_part(
        &self,
        bucket: &str,
        key: &str,
        upload: &str,
        number: u32,
        length: u64,
        body: Body,
    ) -> S3Result<Response<Body>> {
        let largest = self.objects.upload(bucket, key, upload)?.note_part_size(length);
        let expectation = Expectation::part(key, number, [length, largest]);
        let Received { body, .. } = self.receive(body, expectation, length).await?;
        let etag = etag::of_segments(&body.segments);
        let response = stored(&etag);
        let part =
            PartRecord { size: body.size, etag, modified_ms: wall_ms(), segments: body.segments, checksum: None };
        self.objects.put_part(bucket, key, upload, number, part)?;
        drop(body.blob);
        Ok(response)
    }
}
