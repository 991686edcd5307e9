//! The answers to plain requests.

use http::{HeaderValue, Response, StatusCode, header};
use s3s::{
    Body,
    dto::{StreamingBlob, TimestampFormat},
};

use crate::{
    objects::Object,
    s3::{condition::last_modified, slice::Slice},
};

/// The answer to a read, with the headers that `s3s` would send.
pub(super) fn read(object: &Object, slice: &Slice) -> Response<Body> {
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
pub(super) fn stored(etag: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    if let Ok(value) = quoted(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}
