//! The slice of an object that a read is for: the whole object, a range, or a part.

use std::ops::Range as Bytes;

use http::{HeaderMap, HeaderValue, header};
use s3s::{S3Error, S3Result, dto::Range, s3_error};

use super::failure::{custom, invalid_argument};
use crate::objects::ObjectRecord;

/// The slice of an object that a request is for.
pub(super) struct Slice {
    pub bytes: Bytes<u64>,
    /// The value of the `Content-Range` header. `None` if the request is for the whole object.
    pub content_range: Option<String>,
    /// The number of parts that the object has, if the request is for one of them.
    pub parts_count: Option<i32>,
}

impl Slice {
    pub(super) fn of(object: &ObjectRecord, range: Option<Range>, part: Option<i32>) -> S3Result<Self> {
        match (range, part) {
            (Some(_), Some(_)) => {
                Err(s3_error!(InvalidRequest, "Cannot specify both Range header and partNumber query parameter"))
            }
            (None, None) => Ok(Self { bytes: 0..object.size, content_range: None, parts_count: None }),
            (Some(range), None) => {
                let bytes = range.check(object.size).map_err(|_| invalid_range(object.size))?;
                Ok(Self { content_range: Some(content_range(&bytes, object.size)), bytes, parts_count: None })
            }
            (None, Some(number)) => Self::of_part(object, number),
        }
    }

    fn of_part(object: &ObjectRecord, number: i32) -> S3Result<Self> {
        let outside = || {
            let mut error = custom("InvalidPartNumber", "The requested partnumber is not satisfiable");
            error.set_status_code(http::StatusCode::RANGE_NOT_SATISFIABLE);
            error
        };
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let index =
            index.ok_or_else(|| invalid_argument("Part number must be an integer between 1 and 10000, inclusive"))?;
        let bytes = if object.parts.is_empty() && index == 0 {
            0..object.size
        } else {
            let part = object.parts.get(index).ok_or_else(outside)?;
            let start = object.parts[..index].iter().map(|part| part.size).sum();
            start..start + part.size
        };
        Ok(Self {
            content_range: (!bytes.is_empty()).then(|| content_range(&bytes, object.size)),
            bytes,
            parts_count: (!object.parts.is_empty()).then(|| i32::try_from(object.parts.len()).unwrap_or(i32::MAX)),
        })
    }

    pub(super) fn is_whole(&self, object: &ObjectRecord) -> bool {
        self.bytes == (0..object.size)
    }

    /// In bytes, as the S3 API has it.
    pub(super) fn len(&self) -> i64 {
        (self.bytes.end - self.bytes.start).cast_signed()
    }
}

fn content_range(bytes: &Bytes<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1)
}

fn invalid_range(size: u64) -> S3Error {
    let mut error = s3_error!(InvalidRange, "The requested range is not satisfiable");
    if let Ok(value) = HeaderValue::try_from(format!("bytes */{size}")) {
        let xml = HeaderValue::from_static("application/xml");
        error.set_headers(HeaderMap::from_iter([(header::CONTENT_RANGE, value), (header::CONTENT_TYPE, xml)]));
    }
    error
}
