//! Counts what the SDK really sends: operations, and attempts including retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aws_sdk_s3::config::Intercept;
use aws_sdk_s3::config::interceptors::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::Counters;

/// Counters shared between a client and whoever reads them. Two relaxed additions and a reading of the clock per request.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    operations: AtomicU64,
    requests: AtomicU64,
    backoff_ns: AtomicU64,
}

/// When the last attempt of an operation ended; kept with the operation.
#[derive(Debug)]
struct AttemptEnded(Instant);

impl Storable for AttemptEnded {
    type Storer = StoreReplace<Self>;
}

impl RequestCounter {
    /// Requests sent so far, retries included.
    pub fn requests(&self) -> u64 {
        self.counts.requests.load(Relaxed)
    }

    /// Requests so far that were sent again.
    pub fn retries(&self) -> u64 {
        self.requests().saturating_sub(self.counts.operations.load(Relaxed))
    }

    /// How long requests so far waited, all together, before they were sent again.
    pub fn backoff(&self) -> Duration {
        Duration::from_nanos(self.counts.backoff_ns.load(Relaxed))
    }

    /// All of them.
    pub fn counters(&self) -> Counters {
        Counters { requests: Some(self.requests()), retries: Some(self.retries()), backoff: Some(self.backoff()) }
    }

    /// Counts a pause before a request is sent again.
    pub fn add_backoff(&self, pause: Duration) {
        self.counts.backoff_ns.fetch_add(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    /// Counts an operation whose requests are counted by [`Self::add_attempt`].
    pub fn add_operation(&self) {
        self.counts.operations.fetch_add(1, Relaxed);
    }

    /// Counts a request of an operation, the first or one sent again.
    pub fn add_attempt(&self) {
        self.counts.requests.fetch_add(1, Relaxed);
    }

    /// Counts an operation with its only request, for clients without the SDK.
    pub fn add_request(&self) {
        self.counts.operations.fetch_add(1, Relaxed);
        self.counts.requests.fetch_add(1, Relaxed);
    }
}

#[dyn_dispatch_hint]
impl Intercept for RequestCounter {
    fn name(&self) -> &'static str {
        "RequestCounter"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.counts.operations.fetch_add(1, Relaxed);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.counts.requests.fetch_add(1, Relaxed);
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(AttemptEnded(before)) = bag.load::<AttemptEnded>() {
            self.add_backoff(before.elapsed());
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(AttemptEnded(Instant::now()));
        Ok(())
    }
}
