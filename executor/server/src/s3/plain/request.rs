//! Recognises plain requests.

use std::sync::Arc;

use http::{HeaderMap, Method, header, request::Parts};
use percent_encoding::percent_decode_str;
use s3s::{
    dto::Range,
    path::{check_bucket_name, check_key},
};

use super::signature::Verifier;
use crate::{
    objects::{Object, ObjectMeta, Objects},
    s3::{access::LoopbackHost, checks::is_part_number, slice::Slice},
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

/// A plain request whose signature is right and that nothing speaks against so far.
pub(super) enum PlainRequest {
    Get { object: Arc<Object>, slice: Slice },
    Put { bucket: String, key: String, length: u64, content_type: Option<String> },
    PutPart { bucket: String, key: String, upload: String, number: u32, length: u64 },
}

impl PlainRequest {
    /// `None` if the request is not plain, or is to be refused.
    pub(super) fn recognise(head: &Parts, objects: &Objects, verifier: &Verifier) -> Option<Self> {
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
        if !verifier.accepts(head, is_put) {
            return None;
        }
        match (is_put, query) {
            (false, Query::Object) => Self::get(&head.headers, objects, &bucket, &key),
            (false, Query::Part { .. }) => None,
            (true, Query::Object) => Self::put(&head.headers, objects, bucket, key),
            (true, Query::Part { number, upload }) => {
                let length = put_length(&head.headers)?;
                let found = objects.upload(&bucket, &key, &upload).ok()?;
                // If a checksum has to be computed, `s3s` handles the request.
                found.record.checksum.is_none().then_some(Self::PutPart { bucket, key, upload, number, length })
            }
        }
    }

    fn get(headers: &HeaderMap, objects: &Objects, bucket: &str, key: &str) -> Option<Self> {
        if headers.contains_key(header::CONTENT_LENGTH) {
            return None;
        }
        let object = objects.object(bucket, key).ok()?;
        let plain = ObjectMeta { content_type: object.meta.content_type.clone(), ..ObjectMeta::default() };
        let asks_checksum = headers.contains_key("x-amz-checksum-mode") && object.checksum.is_some();
        if object.meta != plain || asks_checksum {
            return None;
        }
        let range = match headers.get(header::RANGE) {
            Some(value) => Some(Range::parse(value.to_str().ok()?).ok()?),
            None => None,
        };
        let slice = Slice::of(&object, range, None).ok()?;
        Some(Self::Get { object, slice })
    }

    fn put(headers: &HeaderMap, objects: &Objects, bucket: String, key: String) -> Option<Self> {
        let length = put_length(headers)?;
        objects.bucket(&bucket).ok()?;
        let content_type = match headers.get(header::CONTENT_TYPE) {
            Some(value) => Some(value.to_str().ok()?.to_owned()),
            None => None,
        };
        Some(Self::Put { bucket, key, length, content_type })
    }
}

/// The length in bytes of the body of an upload.
fn put_length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(header::RANGE) {
        return None;
    }
    text(headers, header::CONTENT_LENGTH)?.parse().ok()
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
