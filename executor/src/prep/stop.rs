//! Ends parallel work early, and orderly: on Ctrl-C, on SIGTERM, or because a neighbour failed.
//!
//! Nothing is torn down from outside: who holds an open multipart upload or a half-written file is told, and
//! cleans up before it returns.

use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::PrepError;
use crate::signals::cancelled_by_signals;

/// How long an answer is waited for once it is time to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Says whether to stop, and why. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    interrupted: CancellationToken,
    failed: CancellationToken,
}

impl Stop {
    /// Stops at Ctrl-C and SIGTERM. Needs a tokio runtime.
    pub fn on_signals() -> Self {
        // Where signals cannot be listened to, they end the process at once.
        Self { interrupted: cancelled_by_signals().unwrap_or_default(), failed: CancellationToken::new() }
    }

    /// Tells all holders that the user wants to stop.
    pub fn interrupt(&self) {
        self.interrupted.cancel();
    }

    /// Whether the user wants to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.is_cancelled()
    }

    /// Whether to stop, for either reason.
    pub fn is_set(&self) -> bool {
        self.is_interrupted() || self.failed.is_cancelled()
    }

    /// Returns when it is time to stop.
    pub async fn wait(&self) {
        tokio::select! {
            () = self.interrupted.cancelled() => {}
            () = self.failed.cancelled() => {}
        }
    }

    /// Runs `work` until it is done or it is time to stop.
    pub async fn unless<T>(&self, work: impl Future<Output = Result<T, PrepError>>) -> Result<T, PrepError> {
        tokio::select! {
            biased;
            () = self.wait() => Err(PrepError::Interrupted),
            result = work => result,
        }
    }

    /// Runs `work` to its end even when it is time to stop, as it cleans up or cannot be undone otherwise; but a
    /// store that does not answer holds up the end for a while only.
    pub async fn patiently<T>(&self, work: impl Future<Output = T>) -> Result<T, PrepError> {
        tokio::select! {
            biased;
            result = work => Ok(result),
            () = async { self.wait().await; tokio::time::sleep(PATIENCE).await } => Err(PrepError::Interrupted),
        }
    }

    /// Runs `work` on all `items`, `limit` at once. After an interrupt or the first failure none is started
    /// and those that run are told; all have returned when this returns.
    pub async fn for_each<T, F, Fut>(
        &self,
        items: impl IntoIterator<Item = T>,
        limit: usize,
        work: F,
    ) -> Result<(), PrepError>
    where
        F: Fn(T, Self) -> Fut,
        Fut: Future<Output = Result<(), PrepError>>,
    {
        let group = Self { interrupted: self.interrupted.clone(), failed: CancellationToken::new() };
        let mut running = futures_util::stream::iter(items)
            .take_while(|_| std::future::ready(!group.is_set()))
            .map(|item| work(item, group.clone()))
            .buffer_unordered(limit.max(1));
        let mut first_failure = None;
        while let Some(result) = running.next().await {
            if let Err(error) = result {
                group.failed.cancel();
                // Neighbours that were told to stop say "interrupted": the failure that told them counts.
                first_failure.get_or_insert(error);
            }
        }
        match first_failure {
            _ if self.is_interrupted() => Err(PrepError::Interrupted),
            Some(error) => Err(error),
            None if self.is_set() => Err(PrepError::Interrupted),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[tokio::test]
    async fn after_a_failure_the_others_are_told_and_none_starts() {
        let (started, told) = (AtomicU32::new(0), AtomicU32::new(0));
        let result = Stop::default()
            .for_each(0..100, 2, |item, stop| {
                let (started, told) = (&started, &told);
                async move {
                    started.fetch_add(1, Relaxed);
                    if item == 1 {
                        return Err(PrepError::Declare("broken".to_owned()));
                    }
                    stop.wait().await;
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
        let stop = Stop::default();
        stop.interrupt();
        assert!(matches!(stop.patiently(tokio::task::yield_now()).await, Ok(())));
        assert!(matches!(stop.unless(async { Ok(()) }).await, Err(PrepError::Interrupted)));
    }

    #[tokio::test]
    async fn an_interrupt_is_told_as_such() {
        let stop = Stop::default();
        let result = stop
            .for_each(0..3, 1, |item, group| {
                let stop = stop.clone();
                async move {
                    assert_eq!(item, 0, "nothing starts after the interrupt");
                    stop.interrupt();
                    group.unless(std::future::pending()).await
                }
            })
            .await;
        assert!(matches!(result, Err(PrepError::Interrupted)));
        assert_eq!(PrepError::Interrupted.exit_code(), 130);
    }
}
