//! What the CRT tells of its requests: how many there were, which failed, and which uploads it has not ended yet.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mountpoint_s3_client::OnTelemetry;
use mountpoint_s3_crt::s3::client::{RequestMetrics, RequestType};
use tokio::sync::watch;

/// Failed requests that are remembered: far more than there are in flight.
const REMEMBERED: usize = 4096;

/// A request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRequest {
    /// Its operation.
    pub operation: String,
    /// HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// The CRT's words.
    pub words: String,
    /// Path and query, percent-encoded.
    path: String,
}

/// What the CRT told of its requests.
#[derive(Debug)]
pub struct Ledger {
    requests: AtomicU64,
    failed_requests: AtomicU64,
    not_repeated: AtomicU64,
    failed: Mutex<VecDeque<FailedRequest>>,
    open_uploads: watch::Sender<usize>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            requests: AtomicU64::default(),
            failed_requests: AtomicU64::default(),
            not_repeated: AtomicU64::default(),
            failed: Mutex::default(),
            open_uploads: watch::Sender::new(0),
        }
    }
}

impl Ledger {
    /// Requests that have ended.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    /// Failed requests that were sent again: all but the one that a failed task ends with.
    pub fn retries(&self) -> u64 {
        self.failed_requests.load(Relaxed).saturating_sub(self.not_repeated.load(Relaxed))
    }

    /// Counts a failed request that its task ended with.
    pub fn add_not_repeated(&self) {
        self.not_repeated.fetch_add(1, Relaxed);
    }

    /// Uploads in parts that are neither complete nor aborted.
    pub fn open_uploads(&self) -> usize {
        *self.open_uploads.borrow()
    }

    /// Waits until no upload in parts is open.
    pub async fn all_ended(&self) {
        // It fails only when the sender is gone, which `self` owns.
        let _ = self.open_uploads.subscribe().wait_for(|open| *open == 0).await;
    }

    /// The last failed request for an object.
    pub fn last_failure_of(&self, bucket: &str, key: &str) -> Option<FailedRequest> {
        let failed = self.failed();
        let of_object = |request: &&FailedRequest| is_path_of(&request.path, bucket, key);
        failed.iter().rev().find(of_object).cloned()
    }

    fn failed(&self) -> MutexGuard<'_, VecDeque<FailedRequest>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, metrics: &RequestMetrics) {
        self.failed_requests.fetch_add(1, Relaxed);
        let mut failed = self.failed();
        if failed.len() == REMEMBERED {
            failed.pop_front();
        }
        failed.push_back(FailedRequest {
            operation: metrics.operation_name().unwrap_or("request").to_owned(),
            status: metrics.status_code().and_then(|status| u16::try_from(status).ok()),
            words: metrics.error().to_string(),
            path: metrics.request_path_query().unwrap_or_default(),
        });
    }
}

/// Whether a request's `path` is the one of an object: in path style, or below a virtual host.
fn is_path_of(path: &str, bucket: &str, key: &str) -> bool {
    let Some(path) = path.split('?').next() else { return false };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let object = path.strip_prefix('/').unwrap_or_default();
    object == key || object.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')) == Some(key)
}

impl OnTelemetry for Ledger {
    fn on_telemetry(&self, metrics: &RequestMetrics) {
        self.requests.fetch_add(1, Relaxed);
        let failed = metrics.error().is_err() || metrics.status_code().is_some_and(|status| status >= 300);
        if failed {
            if !metrics.is_canceled() {
                self.remember(metrics);
            }
            return;
        }
        match metrics.request_type() {
            RequestType::CreateMultipartUpload => self.open_uploads.send_modify(|open| *open += 1),
            RequestType::CompleteMultipartUpload | RequestType::AbortMultipartUpload => {
                self.open_uploads.send_modify(|open| *open = open.saturating_sub(1));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_of_one_object() {
        assert!(is_path_of("/bench/upload/a%20b?partNumber=1", "bench", "upload/a b"));
        assert!(is_path_of("/upload/a%20b", "bench", "upload/a b"));
        assert!(!is_path_of("/bench/upload/a", "bench", "a"));
        assert!(!is_path_of("", "bench", "a"));
    }
}
