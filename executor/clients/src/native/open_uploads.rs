//! The multipart uploads that are open now, so that a stopped run leaves none behind.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

/// Upload ids with their keys.
#[derive(Debug, Default)]
pub struct OpenUploads(Mutex<BTreeMap<String, String>>);

impl OpenUploads {
    /// Notes that an upload was opened.
    pub fn add(&self, upload_id: &str, key: &str) {
        self.locked().insert(upload_id.to_owned(), key.to_owned());
    }

    /// Notes that an upload was completed or aborted.
    pub fn remove(&self, upload_id: &str) {
        self.locked().remove(upload_id);
    }

    /// Aborts all that are open by `abort`, which is given upload id and key and answers whether that worked; answers
    /// how many could not be.
    pub async fn abort_all<F: Future<Output = bool>>(&self, abort: impl Fn(String, String) -> F) -> usize {
        let open: Vec<_> = self.locked().clone().into_iter().collect();
        let mut failed = 0;
        for (upload_id, key) in open {
            if abort(upload_id.clone(), key).await {
                self.remove(&upload_id);
            } else {
                failed += 1;
            }
        }
        failed
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
