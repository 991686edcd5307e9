//! Finds out whose the bucket is and what it lacks. Nothing is changed.

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::head_bucket::HeadBucketError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use workload_schema::ErrorKind;
use workload_schema::plan::BucketRules;

use super::lifecycle::{self, RulesPlan};
use super::marker::{self, Origin};
use crate::prep::{BucketClient, PrepError};
use s3_clients::endpoint::failure_of;

/// The state of the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketState {
    /// It does not exist.
    Missing,
    /// It has our marker.
    Ours(Origin),
    /// It exists, is empty and has no marker: wlx may use it.
    Empty,
    /// It has objects and no marker.
    Foreign,
}

/// What is to be done to the bucket itself.
#[derive(Debug, Clone)]
pub struct BucketSurvey {
    /// The state that it is in.
    pub state: BucketState,
    /// Its lifecycle rules.
    pub rules: RulesPlan,
}

impl BucketSurvey {
    /// Whether the bucket is to be made.
    pub fn creates(&self) -> bool {
        self.state == BucketState::Missing
    }

    /// The marker that is to be written, if any.
    pub fn marks(&self) -> Option<Origin> {
        match self.state {
            BucketState::Missing => Some(Origin::Created),
            BucketState::Empty => Some(Origin::FoundEmpty),
            BucketState::Foreign => Some(Origin::Adopted),
            BucketState::Ours(_) => None,
        }
    }
}

/// Finds out what the bucket of `store` lacks, `rules` included. A bucket of somebody else is refused, unless
/// `adopt`.
pub async fn survey(store: &BucketClient, rules: Option<&BucketRules>, adopt: bool) -> Result<BucketSurvey, PrepError> {
    let state = state(store).await?;
    if state == BucketState::Foreign && !adopt {
        return Err(PrepError::ForeignBucket { bucket: store.bucket.to_string() });
    }
    let rules = match rules {
        Some(rules) => lifecycle::plan(store, rules, state == BucketState::Missing).await?,
        None => RulesPlan::Right,
    };
    Ok(BucketSurvey { state, rules })
}

/// The state of the bucket of `store`.
pub(crate) async fn state(store: &BucketClient) -> Result<BucketState, PrepError> {
    let bucket = store.bucket.as_str();
    if let Err(error) = store.s3.head_bucket().bucket(bucket).send().await {
        if let Some(region) = other_region(store, &error) {
            return Err(PrepError::OtherRegion { bucket: bucket.to_owned(), region });
        }
        let failure = failure_of("look up bucket", bucket, &error);
        return match failure.kind {
            ErrorKind::MissingKey | ErrorKind::MissingBucket => Ok(BucketState::Missing),
            _ => Err(failure.into()),
        };
    }
    if let Some(origin) = marker::read(store).await? {
        return Ok(BucketState::Ours(origin));
    }
    let page = store.s3.list_objects_v2().bucket(bucket).max_keys(1).send().await;
    let page = page.map_err(|error| failure_of("list", bucket, &error))?;
    Ok(if page.contents().is_empty() { BucketState::Empty } else { BucketState::Foreign })
}

/// The region that a redirect names.
fn other_region(store: &BucketClient, error: &SdkError<HeadBucketError, HttpResponse>) -> Option<String> {
    let response = error.raw_response()?;
    let region = response.headers().get("x-amz-bucket-region")?;
    (matches!(response.status().as_u16(), 301 | 307 | 400) && region != store.region).then(|| region.to_owned())
}
