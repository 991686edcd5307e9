//! The requests of one task that are in flight side by side.

use std::future::Future;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinError, JoinSet};

use crate::endpoint::Failure;

/// Requests in flight. Dropping this stops them all, so that the first failure ends a task.
#[derive(Debug)]
pub struct Running<T>(JoinSet<Result<T, Failure>>);

impl<T: Send + 'static> Running<T> {
    /// Nothing is in flight.
    pub fn new() -> Self {
        Self(JoinSet::new())
    }

    /// Starts `request`, which holds `permit` to its end.
    pub fn start(
        &mut self,
        permit: OwnedSemaphorePermit,
        request: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) {
        self.0.spawn(async move {
            let _permit = permit;
            request.await
        });
    }

    /// The result of one that has ended, without waiting.
    pub fn ended(&mut self) -> Option<Result<T, Failure>> {
        self.0.try_join_next().map(result_of)
    }

    /// The result of the next one to end; none when nothing is in flight.
    pub async fn next(&mut self) -> Option<Result<T, Failure>> {
        self.0.join_next().await.map(result_of)
    }
}

fn result_of<T>(joined: Result<Result<T, Failure>, JoinError>) -> Result<T, Failure> {
    match joined {
        Ok(result) => result,
        // Nobody aborts a single request, so it can only have panicked.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
