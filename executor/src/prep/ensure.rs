//! What `wlx run` needs of preparing: files that are missing, and objects of the embedded server.

use std::path::Path;

use tokio_util::sync::CancellationToken;
use workload_schema::Gbps;

use super::{BucketClient, Part, PrepError, PrepWork, Survey, SurveyOrder};
use crate::store::Store;

/// Makes the files and folders that `work` needs below `files_dir` and that are not there.
pub async fn ensure_files(work: &PrepWork, files_dir: &Path, stop: &CancellationToken) -> Result<(), PrepError> {
    let order = SurveyOrder { work, files_dir, adopt: false, verify: false };
    let survey = Survey::take(order, Part::Files, None, stop).await?;
    survey.apply(files_dir, None, stop).await
}

/// On the embedded server: makes the bucket and declares the objects that `work` needs and that are not
/// there. On any other store nothing is done: uploading there is for the user to start.
pub async fn ensure_declared(target: &Store, work: &PrepWork, stop: &CancellationToken) -> Result<(), PrepError> {
    if target.embedded.is_none() {
        return Ok(());
    }
    let store = BucketClient::of(target, Gbps::new(1.0).expect("above zero")).await;
    let order = SurveyOrder { work, files_dir: Path::new(""), adopt: false, verify: false };
    let survey = Survey::take(order, Part::Bucket, Some(&store), stop).await?;
    survey.apply(Path::new(""), Some(&store), stop).await
}
