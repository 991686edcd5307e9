//! Keeps the records of requests in bounded memory while recording is on.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use crate::admin::{RecordsResponse, RequestRecord};

#[derive(Debug, Default)]
struct Kept {
    capacity: usize,
    response: RecordsResponse,
}

/// The recorder. While it is off, a request costs one relaxed load.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    on: AtomicBool,
    under_way: AtomicU64,
    kept: Mutex<Kept>,
}

/// Counts a request that is to be recorded and has not ended yet, until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(Arc<Recorder>);

impl UnderWay {
    pub(crate) fn begin(recorder: &Arc<Recorder>) -> Self {
        recorder.under_way.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(recorder))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Recorder {
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Number of requests that are to be recorded and have not ended yet.
    pub(crate) fn under_way(&self) -> u64 {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Starts to record up to `capacity` requests, or stops recording if it is `None`. Forgets all earlier records.
    pub(crate) fn set(&self, capacity: Option<usize>) {
        let mut kept = self.lock();
        *kept = Kept { capacity: capacity.unwrap_or(0), response: RecordsResponse::default() };
        self.on.store(capacity.is_some(), Ordering::Relaxed);
    }

    /// The requests that were recorded. With `clear` they are forgotten.
    pub(crate) fn take(&self, clear: bool) -> RecordsResponse {
        let mut kept = self.lock();
        if clear { std::mem::take(&mut kept.response) } else { kept.response.clone() }
    }

    pub(crate) fn push(&self, record: RequestRecord) {
        let mut kept = self.lock();
        // A request that began while recording was on may end when it is off.
        if !self.is_on() {
            return;
        }
        if kept.response.records.len() < kept.capacity {
            kept.response.records.push(record);
        } else {
            kept.response.dropped += 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
