//! The conditions of requests (`If-Match` and the like), and the times that they compare.

use http::HeaderMap;
use s3s::{
    S3Error, S3Result,
    dto::{ETag, ETagCondition, Timestamp},
    s3_error,
};

use super::failure::precondition_failed;
use crate::objects::{ObjectRecord, Precondition};

/// The conditions of a read.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the names of the headers")]
pub(super) struct ReadConditions {
    pub if_match: Option<ETagCondition>,
    pub if_none_match: Option<ETagCondition>,
    pub if_modified_since: Option<Timestamp>,
    pub if_unmodified_since: Option<Timestamp>,
}

/// Takes the [`ReadConditions`] out of the input of a read.
macro_rules! read_conditions {
    ($input:expr) => {
        $crate::s3::condition::ReadConditions {
            if_match: $input.if_match,
            if_none_match: $input.if_none_match,
            if_modified_since: $input.if_modified_since,
            if_unmodified_since: $input.if_unmodified_since,
        }
    };
}

/// Takes the [`ReadConditions`] of its source out of the input of a copy.
macro_rules! source_conditions {
    ($input:expr) => {
        $crate::s3::condition::ReadConditions {
            if_match: $input.copy_source_if_match.take(),
            if_none_match: $input.copy_source_if_none_match.take(),
            if_modified_since: $input.copy_source_if_modified_since.take(),
            if_unmodified_since: $input.copy_source_if_unmodified_since.take(),
        }
    };
}

pub(super) use {read_conditions, source_conditions};

impl ReadConditions {
    /// Checks the conditions in the order of RFC 9110, where a condition on the `ETag` overrules one on the time.
    pub(super) fn check(&self, object: &ObjectRecord) -> S3Result<()> {
        let modified = last_modified(object);
        match (&self.if_match, &self.if_unmodified_since) {
            (Some(condition), _) if !matches(condition, object) => return Err(precondition_failed()),
            (None, Some(since)) if modified > *since => return Err(precondition_failed()),
            _ => {}
        }
        match (&self.if_none_match, &self.if_modified_since) {
            (Some(condition), _) if matches(condition, object) => Err(not_modified(object)),
            (None, Some(since)) if modified <= *since => Err(not_modified(object)),
            _ => Ok(()),
        }
    }

    /// Checks the conditions for the source of a copy, where S3 has no answer 304.
    pub(super) fn check_source(&self, object: &ObjectRecord) -> S3Result<()> {
        self.check(object).map_err(|_| precondition_failed())
    }
}

/// The condition of a write.
pub(super) fn of_write(
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
) -> S3Result<Precondition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Precondition::None),
        (Some(ETagCondition::Any), None) => Ok(Precondition::Present),
        (Some(ETagCondition::ETag(etag)), None) => Ok(Precondition::ETag(etag.into_value())),
        (None, Some(ETagCondition::Any)) => Ok(Precondition::Absent),
        _ => Err(s3_error!(NotImplemented, "A header you provided implies functionality that is not implemented")),
    }
}

/// When the object was last changed, in whole seconds as in HTTP headers.
pub(super) fn last_modified(object: &ObjectRecord) -> Timestamp {
    timestamp(object.modified_ms / 1000 * 1000)
}

/// Milliseconds since the Unix epoch as a timestamp.
pub(super) fn timestamp(ms: u64) -> Timestamp {
    Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_millis(ms))
}

fn matches(condition: &ETagCondition, object: &ObjectRecord) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

fn not_modified(object: &ObjectRecord) -> S3Error {
    let mut error = s3_error!(NotModified, "Not Modified");
    if let Ok(value) = ETag::Strong(object.etag.clone()).to_http_header() {
        error.set_headers(HeaderMap::from_iter([(http::header::ETAG, value)]));
    }
    error
}
