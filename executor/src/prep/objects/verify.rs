//! Compares the contents of objects with the expected ones.

use std::sync::{Mutex, PoisonError};

use synthetic_content::Content;
use tokio_util::sync::CancellationToken;
use workload_schema::ErrorKind;
use workload_schema::ObjectKey;

use super::wanted::Wanted;
use crate::prep::{BucketClient, Meter, PrepError, Tally, UntilCancelled, sample};
use s3_clients::endpoint::{Failure, failure_of};

/// Reads samples of all `objects`; returns the keys of those with wrong bytes, sorted.
pub(super) async fn wrong_bytes(
    objects: &[Wanted],
    store: &BucketClient,
    stop: &CancellationToken,
) -> Result<Vec<ObjectKey>, PrepError> {
    let wrong = Mutex::new(Vec::new());
    let bytes = Tally::of(objects.iter().flat_map(|wanted| sample::ranges(wanted.need.size)).map(|r| r.end - r.start));
    let meter = Meter::new("verify", bytes.bytes);
    stop.for_each(objects, store.concurrency, |wanted, stop| {
        let (wrong, meter) = (&wrong, &meter);
        async move {
            if !stop.unless(has_right_bytes(wanted, store, meter)).await? {
                wrong.lock().unwrap_or_else(PoisonError::into_inner).push(wanted.key.clone());
            }
            Ok(())
        }
    })
    .await?;
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.sort();
    Ok(wrong)
}

async fn has_right_bytes(wanted: &Wanted, store: &BucketClient, meter: &Meter) -> Result<bool, PrepError> {
    let content = Content::of_key(wanted.key.as_str());
    for range in sample::ranges(wanted.need.size) {
        let request = store.s3.get_object().bucket(store.bucket.as_str()).key(wanted.key.as_str());
        let mut body = request
            .range(format!("bytes={}-{}", range.start, range.end - 1))
            .send()
            .await
            .map_err(|error| failure_of("read", wanted.key.as_str(), &error))?
            .body;
        let mut at = range.start;
        while let Some(chunk) = body.next().await {
            let chunk = chunk
                .map_err(|error| Failure::local(ErrorKind::Connection, format!("read {}: {error}", wanted.key)))?;
            if content.mismatch(at, &chunk).is_some() {
                return Ok(false);
            }
            at += chunk.len() as u64;
            meter.add(chunk.len() as u64);
        }
        if at != range.end {
            return Ok(false);
        }
    }
    Ok(true)
}
