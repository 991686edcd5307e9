//! From the crate's errors to [`Failure`].

use std::error::Error;

use mountpoint_s3_client::S3RequestError;
use mountpoint_s3_client::error::{GetObjectError, ObjectClientError, PutObjectError};
use mountpoint_s3_client::error_metadata::{ClientErrorMetadata, ProvideErrorMetadata};
use workload_schema::ErrorKind;

use crate::endpoint::{Failure, error_chain, failure_of_answer};
use crate::native::Job;

/// What a failed download of `job` comes to.
pub fn of_get(job: &Job, error: &ObjectClientError<GetObjectError, S3RequestError>) -> Failure {
    of("GetObject", job, error, error.meta())
}

/// What a failed upload of `job` comes to.
pub fn of_put(job: &Job, error: &ObjectClientError<PutObjectError, S3RequestError>) -> Failure {
    let mut meta = error.meta();
    if let ObjectClientError::ServiceError(error) = error {
        // The crate keeps nothing of these answers but what they stand for.
        let (status, code) = match error {
            PutObjectError::NoSuchBucket => (404, "NoSuchBucket"),
            PutObjectError::NoSuchKey => (404, "NoSuchKey"),
            PutObjectError::BadChecksum => (400, "BadDigest"),
            PutObjectError::PreconditionFailed => (412, "PreconditionFailed"),
            PutObjectError::NotImplemented => (501, "NotImplemented"),
            _ => (400, "InvalidRequest"),
        };
        meta.http_code.get_or_insert(status);
        meta.error_code.get_or_insert_with(|| code.to_owned());
        meta.error_message.get_or_insert_with(|| error.to_string());
    }
    of("PutObject", job, error, meta)
}

fn of<E: Error + 'static>(
    operation: &str,
    job: &Job,
    error: &ObjectClientError<E, S3RequestError>,
    meta: ClientErrorMetadata,
) -> Failure {
    let key = job.key.as_str();
    if let Some(status) = meta.http_code.and_then(|status| u16::try_from(status).ok()) {
        return failure_of_answer(operation, key, status, meta.error_code, meta.error_message);
    }
    let (kind, words) = match error {
        ObjectClientError::ClientError(S3RequestError::CrtError(error)) => of_crt(&error.to_string()),
        ObjectClientError::ClientError(S3RequestError::ResponseError(result)) => of_crt(&result.crt_error.to_string()),
        ObjectClientError::ClientError(error) => (kind_of(error), error.to_string()),
        ObjectClientError::ServiceError(_) => (ErrorKind::Other, error_chain(error)),
    };
    Failure::local(kind, format!("{operation} {key}: {words}"))
}

fn kind_of(error: &S3RequestError) -> ErrorKind {
    match error {
        S3RequestError::NoSigningCredentials | S3RequestError::CreateSessionError => ErrorKind::Denied,
        S3RequestError::Throttled => ErrorKind::Throttled,
        S3RequestError::ConstructionFailure(_) => ErrorKind::Refused,
        _ => ErrorKind::Other,
    }
}

/// The kind that the CRT's `words` stand for: its errors are numbers with a name.
fn of_crt(words: &str) -> (ErrorKind, String) {
    let upper = words.to_ascii_uppercase();
    let kind = if upper.contains("CHECKSUM") {
        ErrorKind::Integrity
    } else if upper.contains("TIMEOUT") || upper.contains("TIMED_OUT") {
        ErrorKind::Timeout
    } else if upper.contains("CREDENTIALS") {
        ErrorKind::Denied
    } else {
        ErrorKind::Connection
    };
    (kind, words.to_owned())
}
