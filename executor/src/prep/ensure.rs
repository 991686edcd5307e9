//! The part of preparing that every run does itself: missing files, and objects of the embedded server.

use std::path::Path;

use tokio_util::sync::CancellationToken;
use workload_schema::Gbps;

use super::{BucketClient, Part, PrepError, PrepWork, Survey, SurveyOrder};
use crate::store::Store;

/// Makes the missing files and folders that `work` needs below `files_dir`.
pub async fn ensure_files(work: &PrepWork, files_dir: &Path, stop: &CancellationToken) -> Result<(), PrepError> {
    let order = SurveyOrder { work, files_dir, adopt: false, verify: false };
    let survey = Survey::take(order, Part::Files, None, stop).await?;
    survey.apply(files_dir, None, stop).await
}

/// On the embedded server: makes the bucket and declares the missing objects that `work` needs.
/// On any other store it does nothing: only the user starts uploads there.
pub async fn ensure_declared(target: &Store, work: &PrepWork, stop: &CancellationToken) -> Result<(), PrepError> {
    if target.embedded.is_none() {
        return Ok(());
    }
    let store = BucketClient::of(target, Gbps::new(1.0).expect("above zero")).await;
    let order = SurveyOrder { work, files_dir: Path::new(""), adopt: false, verify: false };
    let survey = Survey::take(order, Part::Bucket, Some(&store), stop).await?;
    survey.apply(Path::new(""), Some(&store), stop).await
}
