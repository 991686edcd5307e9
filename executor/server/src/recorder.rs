//! Keeps the records of requests, in bounded memory, while that is asked for.

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

/// The recorder. Off, it costs one relaxed load a request.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    on: AtomicBool,
    under_way: AtomicU64,
    kept: Mutex<Kept>,
}

/// A request that is to be recorded when it has ended.
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

    /// Requests that are not recorded yet, as they have not ended.
    pub(crate) fn under_way(&self) -> u64 {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Starts to record up to `capacity` requests, or stops and forgets.
    pub(crate) fn set(&self, capacity: Option<usize>) {
        let mut kept = self.lock();
        *kept = Kept { capacity: capacity.unwrap_or(0), response: RecordsResponse::default() };
        self.on.store(capacity.is_some(), Ordering::Relaxed);
    }

    /// What was recorded; `clear` forgets it.
    pub(crate) fn take(&self, clear: bool) -> RecordsResponse {
        let mut kept = self.lock();
        if clear { std::mem::take(&mut kept.response) } else { kept.response.clone() }
    }

    pub(crate) fn push(&self, record: RequestRecord) {
        let mut kept = self.lock();
        // A request that began while recording may end after it.
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
