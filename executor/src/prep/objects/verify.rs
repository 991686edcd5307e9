//! Compares the contents of objects with what they must be.

use std::sync::{Mutex, PoisonError};

use synthetic_content::Content;
use workload_schema::record::ErrorKind;

use super::{ObjectSurvey, Wanted};
use crate::prep::{Meter, PrepError, ResultsFile, Stop, Tally, sample};
use s3_clients::endpoint::{Failure, failure_of};

/// Reads samples of all `objects`; those with other bytes move into `survey` as to be uploaded again.
pub(super) async fn keep_right_bytes(
    objects: Vec<Wanted>,
    survey: &mut ObjectSurvey,
    store: &ResultsFile,
    stop: &Stop,
) -> Result<Vec<Wanted>, PrepError> {
    let wrong = Mutex::new(Vec::new());
    let bytes = Tally::of(objects.iter().flat_map(|wanted| sample::ranges(wanted.need.size)).map(|r| r.end - r.start));
    let meter = Meter::new("verify", bytes.bytes);
    stop.for_each(&objects, store.concurrency, |wanted, stop| {
        let (wrong, meter) = (&wrong, &meter);
        async move {
            if !stop.unless(has_right_bytes(wanted, store, meter)).await? {
                wrong.lock().unwrap_or_else(PoisonError::into_inner).push(wanted.key.clone());
            }
            Ok(())
        }
    })
    .await?;
    survey.wrong_bytes = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    survey.wrong_bytes.sort();
    let is_wrong = |wanted: &Wanted| survey.wrong_bytes.binary_search(&wanted.key).is_ok();
    let (again, right): (Vec<_>, Vec<_>) = objects.into_iter().partition(is_wrong);
    for wanted in again {
        survey.replace.add(wanted.need.size);
        survey.upload.push(wanted);
    }
    Ok(right)
}

async fn has_right_bytes(wanted: &Wanted, store: &ResultsFile, meter: &Meter) -> Result<bool, PrepError> {
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
