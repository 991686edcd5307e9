//! The errors of the objects as S3 errors, and errors that several operations answer with.

use s3s::{S3Error, S3ErrorCode, s3_error};

use crate::objects::{CompleteError, ObjectsError};

impl From<ObjectsError> for S3Error {
    fn from(error: ObjectsError) -> Self {
        match error {
            ObjectsError::NoSuchBucket => s3_error!(NoSuchBucket, "The specified bucket does not exist"),
            ObjectsError::NoSuchKey => s3_error!(NoSuchKey, "The specified key does not exist."),
            ObjectsError::NoSuchUpload => s3_error!(
                NoSuchUpload,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
            ),
            ObjectsError::BucketExists => s3_error!(
                BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it."
            ),
            ObjectsError::BucketNotEmpty => s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"),
            ObjectsError::PreconditionFailed => precondition_failed(),
            ObjectsError::Io(error) => io(error),
        }
    }
}

impl From<CompleteError> for S3Error {
    fn from(error: CompleteError) -> Self {
        let message = error.to_string();
        let code = match error {
            CompleteError::Objects(error) => return error.into(),
            CompleteError::Order(_) => S3ErrorCode::InvalidPartOrder,
            CompleteError::InvalidPart(_) => S3ErrorCode::InvalidPart,
            CompleteError::TooSmall(_) => S3ErrorCode::EntityTooSmall,
            CompleteError::Size(_) => S3ErrorCode::InvalidRequest,
            CompleteError::Checksum => S3ErrorCode::BadDigest,
        };
        Self::with_message(code, message)
    }
}

/// A failure to read or write the state directory. The request was valid, and a retry may succeed.
pub(super) fn io(error: std::io::Error) -> S3Error {
    let message = format!("The server cannot use its state directory: {error}");
    let mut failure = S3Error::with_message(S3ErrorCode::InternalError, message);
    failure.set_source(Box::new(error));
    failure
}

pub(super) fn precondition_failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

pub(super) fn invalid_argument(message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, message)
}

/// An error with status 400 and a code that `s3s` has no name for.
pub(super) fn custom(code: &'static str, message: &'static str) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(http::StatusCode::BAD_REQUEST);
    error
}
