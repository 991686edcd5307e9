//! The answers that fault rules ask for: an S3 error instead of the operation, or a wrong checksum in the headers.

use http::{HeaderMap, HeaderValue};
use s3s::{S3Error, S3ErrorCode};

use crate::{checksum::ChecksumAlgorithm, faults::Refusal};

/// The S3 error that stands in for the operation.
pub(super) fn refusal(refusal: Refusal) -> S3Error {
    match refusal {
        Refusal::SlowDown => S3Error::with_message(S3ErrorCode::SlowDown, "Please reduce your request rate."),
        Refusal::InternalError => {
            S3Error::with_message(S3ErrorCode::InternalError, "We encountered an internal error. Please try again.")
        }
    }
}

/// Replaces the response's checksum by another one of the same form.
pub(super) fn falsify_checksum(headers: &mut HeaderMap) {
    for algorithm in ChecksumAlgorithm::ALL {
        let Some(value) = headers.get(algorithm.header()) else { continue };
        let mut bytes = value.as_bytes().to_vec();
        if let Some(first) = bytes.first_mut() {
            *first = if *first == b'A' { b'B' } else { b'A' };
        }
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            headers.insert(algorithm.header(), value);
        }
    }
}
