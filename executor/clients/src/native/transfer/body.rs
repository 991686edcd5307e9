//! The body of a download.

use std::future::Future;

use bytes::Bytes;

use crate::endpoint::Failure;
use crate::native::Job;

/// A body that is read piece by piece.
pub trait Body: Send + Sized {
    /// The next bytes; none at the end.
    fn chunk(&mut self, job: &Job) -> impl Future<Output = Option<Result<Bytes, Failure>>> + Send;

    /// Compares the checksum of a body that was read to its end, where the client does that itself.
    fn check(self, _job: &Job) -> Result<(), Failure> {
        Ok(())
    }
}
