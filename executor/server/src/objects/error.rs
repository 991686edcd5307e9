//! Why a lookup or a change is refused or fails.

use std::io;

/// Why a lookup or a change is refused or fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectsError {
    #[error("the bucket does not exist")]
    NoSuchBucket,
    #[error("the key does not exist")]
    NoSuchKey,
    #[error("the multipart upload does not exist")]
    NoSuchUpload,
    #[error("the bucket exists already")]
    BucketExists,
    #[error("the bucket is not empty")]
    BucketNotEmpty,
    #[error("a precondition of the request does not hold")]
    PreconditionFailed,
    #[error("cannot write the state directory")]
    Io(#[from] io::Error),
}
