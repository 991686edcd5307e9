//! A fast path for plain requests: a read of an object or of a range, and an upload of an object or a part, each without
//! a signed body. A profile of 64 KiB requests showed half of the server's own time in `s3s`, which routes, looks up 35
//! headers and derives the signing key for each request.
//!
//! The fast path only answers requests that succeed. It leaves everything else to `s3s`: what it does not know, and every
//! request that is refused before its body is read. So only one place decides what is wrong with a request.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use percent_encoding::percent_decode_str;
use s3s::{
    Body, S3Result,
    dto::{Range, StreamingBlob, TimestampFormat},
    path::{check_bucket_name, check_key},
};

use super::{
    access::LoopbackHost,
    checks::is_part_number,
    condition::last_modified,
    get::Slice,
    plain_signature::Verifier,
    receive::{self, Claims, Received},
};
use crate::{
    clock::wall_ms,
    config::Credentials,
    objects::{Expectation, Object, ObjectMeta, ObjectRecord, Objects, PartRecord, Precondition, etag},
};

/// The headers of plain requests. They change nothing about the request, or are read here.
const KNOWN_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "range",
    "user-agent",
    "x-amz-checksum-mode",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-user-agent",
];

/// Answers plain requests.
pub(crate) struct Plain {
    objects: Arc<Objects>,
    verifier: Verifier,
}

/// A plain request that has been checked.
enum Call {
    Get { object: Arc<Object>, slice: Slice },
    Put { bucket: String, key: String, length: u64, content_type: Option<String> },
    Part { bucket: String, key: String, upload: String, number: u32, length: u64 },
}

impl Plain {
    pub(crate) fn new(objects: Arc<Objects>, credentials: &Credentials) -> Self {
        Self { objects, verifier: Verifier::new(credentials) }
    }

    /// Answers `request`, or gives it back unchanged.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, Request<Body>> {
        let (head, body) = request.into_parts();
        let answer = match self.recognise(&head) {
            None => return Err(Request::from_parts(head, body)),
            Some(Call::Get { object, slice }) => return Ok(read(&object, &slice)),
            Some(Call::Put { bucket, key, length, content_type }) => {
                self.put(&bucket, &key, length, content_type, body).await
            }
            Some(Call::Part { bucket, key, upload, number, length }) => {
                self.put_part(&bucket, &key, &upload, number, length, body).await
            }
        };
        Ok(answer.or_else(s3s::S3Error::to_http_response).unwrap_or_else(|_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }))
    }

    fn recognise(&self, head: &Parts) -> Option<Call> {
        let is_put = match head.method {
            Method::GET => false,
            Method::PUT => true,
            _ => return None,
        };
        if !head.headers.keys().all(|name| KNOWN_HEADERS.contains(&name.as_str())) {
            return None;
        }
        let (bucket, key) = names(head)?;
        let query = Query::parse(head.uri.query().unwrap_or(""))?;
        self.verifier.accepts(head, is_put).then_some(())?;
        if is_put {
            let length = text(&head.headers, header::CONTENT_LENGTH)?.parse().ok()?;
            return self.recognise_put(head, bucket, key, query, length);
        }
        if !matches!(query, Query::Object) || head.headers.contains_key(header::CONTENT_LENGTH) {
            return None;
        }
        let object = self.objects.object(&bucket, &key).ok()?;
        let plain = ObjectMeta { content_type: object.meta.content_type.clone(), ..ObjectMeta::default() };
        let asks_checksum = head.headers.contains_key("x-amz-checksum-mode") && object.checksum.is_some();
        if object.meta != plain || asks_checksum {
            return None;
        }
        let range = match head.headers.get(header::RANGE) {
            Some(value) => Some(Range::parse(value.to_str().ok()?).ok()?),
            None => None,
        };
        let slice = Slice::of(&object, range, None).ok()?;
        Some(Call::Get { object, slice })
    }

    fn recognise_put(&self, head: &Parts, bucket: String, key: String, query: Query, length: u64) -> Option<Call> {
        if head.headers.contains_key(header::RANGE) {
            return None;
        }
        if let Query::Part { number, upload } = query {
            let found = self.objects.upload(&bucket, &key, &upload).ok()?;
            // If a checksum has to be computed, `s3s` handles the request.
            return found.record.checksum.is_none().then_some(Call::Part { bucket, key, upload, number, length });
        }
        self.objects.bucket(&bucket).ok()?;
        let content_type = match head.headers.get(header::CONTENT_TYPE) {
            Some(value) => Some(value.to_str().ok()?.to_owned()),
            None => None,
        };
        Some(Call::Put { bucket, key, length, content_type })
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

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The bucket and the key, if the request names both.
fn names(head: &Parts) -> Option<(String, String)> {
    let host = text(&head.headers, header::HOST)?;
    let path = percent_decode_str(head.uri.path().strip_prefix('/')?).decode_utf8().ok()?;
    let (bucket, key) = match LoopbackHost::bucket(host) {
        Some(bucket) => (bucket, path.as_ref()),
        None => path.split_once('/')?,
    };
    let valid = check_bucket_name(bucket) && !key.is_empty() && check_key(key);
    valid.then(|| (bucket.to_owned(), key.to_owned()))
}

/// What the query string of a plain request asks for.
enum Query {
    Object,
    Part { number: u32, upload: String },
}

impl Query {
    /// `None` if it has anything that is not known here.
    fn parse(query: &str) -> Option<Self> {
        let (mut number, mut upload) = (None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=')? {
                ("partNumber", value) => {
                    number = Some(value.parse().ok().filter(|number| is_part_number(*number))?);
                }
                ("uploadId", value) if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                    upload = Some(value.to_owned());
                }
                // Some clients name the operation here. It changes nothing.
                ("x-id", _) => {}
                _ => return None,
            }
        }
        match (number, upload) {
            (None, None) => Some(Self::Object),
            (Some(number), Some(upload)) => Some(Self::Part { number, upload }),
            _ => None,
        }
    }
}

/// The answer to a read, with the headers that `s3s` would send.
fn read(object: &Object, slice: &Slice) -> Response<Body> {
    let blob = StreamingBlob::new(object.read(slice.bytes.clone()));
    let mut response = Response::new(Body::from(blob));
    if slice.content_range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    let headers = response.headers_mut();
    headers.reserve(8);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(slice.bytes.end - slice.bytes.start));
    let mut modified = Vec::with_capacity(32);
    let formatted = last_modified(object).format(TimestampFormat::HttpDate, &mut modified).is_ok();
    let modified = formatted.then(|| HeaderValue::from_bytes(&modified));
    for (name, value) in [
        (header::LAST_MODIFIED, modified),
        (header::CONTENT_RANGE, slice.content_range.as_ref().map(HeaderValue::try_from)),
        (header::CONTENT_TYPE, Some(content_type(object))),
        (header::ETAG, Some(quoted(&object.etag))),
    ] {
        if let Some(Ok(value)) = value {
            headers.insert(name, value);
        }
    }
    response
}

fn content_type(object: &Object) -> Result<HeaderValue, header::InvalidHeaderValue> {
    match &object.meta.content_type {
        Some(content_type) => HeaderValue::from_str(content_type),
        None => Ok(HeaderValue::from_static("binary/octet-stream")),
    }
}

fn quoted(etag: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    HeaderValue::try_from(format!("\"{etag}\""))
}

/// The answer to an upload.
fn stored(etag: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    if let Ok(value) = quoted(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}
