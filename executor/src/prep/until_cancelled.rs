//! Ends work early and in order: on Ctrl-C, on SIGTERM, or because concurrent work failed.
//!
//! Nothing is torn down from outside. Work that holds an open multipart upload or a half-written file is told, and
//! cleans up before it returns.

use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::error::PrepError;

/// How long to wait for an answer after the cancellation.
const PATIENCE: Duration = Duration::from_secs(10);

/// Work that ends when a token is cancelled.
pub(crate) trait UntilCancelled {
    /// Runs `work` until it is done or the token is cancelled.
    async fn unless<T>(&self, work: impl Future<Output = Result<T, PrepError>>) -> Result<T, PrepError>;

    /// Runs `work` to its end even after the cancellation, as it cleans up or could not be undone. A store that does
    /// not answer delays the end only for a while.
    async fn patiently<T>(&self, work: impl Future<Output = T>) -> Result<T, PrepError>;

    /// Runs `work` on all `items`, `limit` at once. After a cancellation or the first failure none is started, and
    /// running ones are told by the token that they were given. All have returned when this returns.
    async fn for_each<T, F, Fut>(
        &self,
        items: impl IntoIterator<Item = T>,
        limit: usize,
        work: F,
    ) -> Result<(), PrepError>
    where
        F: Fn(T, CancellationToken) -> Fut,
        Fut: Future<Output = Result<(), PrepError>>;
}

impl UntilCancelled for CancellationToken {
    async fn unless<T>(&self, work: impl Future<Output = Result<T, PrepError>>) -> Result<T, PrepError> {
        // The token's own `run_until_cancelled` would let work continue that is ready again and again.
        tokio::select! {
            biased;
            () = self.cancelled() => Err(PrepError::Interrupted),
            result = work => result,
        }
    }

    async fn patiently<T>(&self, work: impl Future<Output = T>) -> Result<T, PrepError> {
        tokio::select! {
            biased;
            result = work => Ok(result),
            () = async { self.cancelled().await; tokio::time::sleep(PATIENCE).await } => Err(PrepError::Interrupted),
        }
    }

    async fn for_each<T, F, Fut>(
        &self,
        items: impl IntoIterator<Item = T>,
        limit: usize,
        work: F,
    ) -> Result<(), PrepError>
    where
        F: Fn(T, CancellationToken) -> Fut,
        Fut: Future<Output = Result<(), PrepError>>,
    {
        let group = self.child_token();
        let mut running = futures_util::stream::iter(items)
            .take_while(|_| std::future::ready(!group.is_cancelled()))
            .map(|item| work(item, group.clone()))
            .buffer_unordered(limit.max(1));
        let mut first_failure = None;
        while let Some(result) = running.next().await {
            if let Err(error) = result {
                group.cancel();
                // Concurrent work that was told to stop reports an interrupt. The failure that stopped it counts.
                first_failure.get_or_insert(error);
            }
        }
        if self.is_cancelled() {
            return Err(PrepError::Interrupted);
        }
        first_failure.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[tokio::test]
    async fn after_a_failure_the_others_are_told_and_none_starts() {
        let (started, told) = (AtomicU32::new(0), AtomicU32::new(0));
        let result = CancellationToken::new()
            .for_each(0..100, 2, |item, stop| {
                let (started, told) = (&started, &told);
                async move {
                    started.fetch_add(1, Relaxed);
                    if item == 1 {
                        return Err(PrepError::Declare("broken".to_owned()));
                    }
                    stop.cancelled().await;
                    told.fetch_add(1, Relaxed);
                    Err(PrepError::Interrupted)
                }
            })
            .await;
        assert!(matches!(result, Err(PrepError::Declare(_))), "{result:?}");
        assert_eq!((started.into_inner(), told.into_inner()), (2, 1));
    }

    #[tokio::test]
    async fn cleaning_up_is_waited_for_after_an_interrupt() {
        let stop = CancellationToken::new();
        stop.cancel();
        assert!(matches!(stop.patiently(tokio::task::yield_now()).await, Ok(())));
        assert!(matches!(stop.unless(async { Ok(()) }).await, Err(PrepError::Interrupted)));
    }

    #[tokio::test]
    async fn an_interrupt_is_told_as_such() {
        let stop = CancellationToken::new();
        let result = stop
            .for_each(0..3, 1, |item, group| {
                let stop = stop.clone();
                async move {
                    assert_eq!(item, 0, "nothing starts after the interrupt");
                    stop.cancel();
                    group.unless(std::future::pending()).await
                }
            })
            .await;
        assert!(matches!(result, Err(PrepError::Interrupted)));
        assert_eq!(PrepError::Interrupted.exit_code(), 130);
    }
}
