//! All watchers of one command: told everything in turn, and waited for at its end.

use runner_drive::{Journal, JournalError, RunEvent};
use tokio_util::sync::CancellationToken;
use workload_schema::RunKey;

use super::cloudwatch::CloudWatch;
use super::metrics::Metrics;

/// The watchers that were asked for.
#[derive(Default)]
pub struct Watchers {
    all: Vec<Box<dyn Journal>>,
    /// Those that have something left to do between runs or after the last.
    metrics: Option<Metrics>,
    cloudwatch: Option<CloudWatch>,
}

impl Watchers {
    /// Adds one that has nothing to do once it was told.
    pub fn add(&mut self, watcher: impl Journal + 'static) {
        self.all.push(Box::new(watcher));
    }

    /// Adds the metrics for Prometheus.
    pub fn add_metrics(&mut self, metrics: Metrics) {
        self.metrics = Some(metrics);
    }

    /// Adds CloudWatch.
    pub fn add_cloudwatch(&mut self, cloudwatch: CloudWatch) {
        self.cloudwatch = Some(cloudwatch);
    }

    /// Does what takes time, now that no client is measured.
    pub async fn between_runs(&mut self) {
        if let Some(cloudwatch) = &mut self.cloudwatch {
            cloudwatch.push().await;
        }
    }

    /// The end of all runs: the views go, the rest is pushed, and the last values wait to be fetched.
    pub async fn finish(mut self, cancelled: &CancellationToken) {
        self.all.clear();
        self.between_runs().await;
        if let Some(metrics) = self.metrics.take() {
            metrics.close(cancelled).await;
        }
    }
}

impl Journal for Watchers {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        if let Some(metrics) = &mut self.metrics {
            metrics.note(run, event)?;
        }
        for watcher in &mut self.all {
            watcher.note(run, event)?;
        }
        if let Some(cloudwatch) = &mut self.cloudwatch {
            cloudwatch.note(run, event)?;
        }
        Ok(())
    }
}
