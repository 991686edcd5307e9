//! What exists, and so what is to be done, for the bucket, its objects and the files.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::bucket::{self, BucketState, BucketSurvey};
use super::files::{self, FileSurvey};
use super::objects::{self, ObjectSurvey};
use super::{BucketClient, Part, PrepError, PrepWork, UntilCancelled, disk};

/// What to find out, and where.
#[derive(Debug, Clone, Copy)]
pub struct SurveyOrder<'a> {
    /// What the workloads need.
    pub work: &'a PrepWork,
    /// Files directory.
    pub files_dir: &'a Path,
    /// Whether a bucket of somebody else may be used.
    pub adopt: bool,
    /// Whether contents are compared too.
    pub verify: bool,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The bucket and its objects, where they are prepared.
    pub bucket: Option<(BucketSurvey, ObjectSurvey)>,
    /// The files, where they are prepared.
    pub files: Option<FileSurvey>,
}

impl Survey {
    /// Surveys `part`; nothing is changed. It checks the disk space before it sends any request to the store.
    pub async fn take(
        order: SurveyOrder<'_>,
        part: Part,
        store: Option<&BucketClient>,
        stop: &CancellationToken,
    ) -> Result<Self, PrepError> {
        let files = part.files().then(|| Self::of_files(order, stop)).transpose()?;
        let bucket = match store.filter(|_| part.bucket()) {
            Some(store) => Some(Self::of_bucket(order, store, stop).await?),
            None => None,
        };
        if stop.is_cancelled() {
            return Err(PrepError::Interrupted);
        }
        Ok(Self { bucket, files })
    }

    fn of_files(order: SurveyOrder<'_>, stop: &CancellationToken) -> Result<FileSurvey, PrepError> {
        let SurveyOrder { work, files_dir, verify, .. } = order;
        // This blocks the task, but nothing else runs yet.
        let survey = files::survey(work, files_dir, verify, stop);
        disk::check(files_dir, survey.to_make().bytes)?;
        Ok(survey)
    }

    async fn of_bucket(
        order: SurveyOrder<'_>,
        store: &BucketClient,
        stop: &CancellationToken,
    ) -> Result<(BucketSurvey, ObjectSurvey), PrepError> {
        let SurveyOrder { work, adopt, verify, .. } = order;
        let bucket = stop.unless(bucket::survey(store, work.rules(), adopt)).await?;
        let objects = match bucket.state {
            BucketState::Missing | BucketState::Empty => ObjectSurvey::of_nothing(work),
            BucketState::Ours(_) | BucketState::Foreign => objects::survey(work, store, verify, stop).await?,
        };
        Ok((bucket, objects))
    }

    /// Makes what was found missing.
    pub async fn apply(
        &self,
        files_dir: &Path,
        store: Option<&BucketClient>,
        stop: &CancellationToken,
    ) -> Result<(), PrepError> {
        if let (Some((bucket, objects)), Some(store)) = (&self.bucket, store) {
            stop.unless(Box::pin(bucket::apply(bucket, store))).await?;
            match &store.embedded {
                Some(server) => objects::declare(objects, store, server, stop).await?,
                None => objects::upload(objects, store, stop).await?,
            }
        }
        match &self.files {
            Some(files) => files::make(files, files_dir, stop).await,
            None => Ok(()),
        }
    }

    /// Objects and files with wrong bytes, if contents were compared.
    pub fn wrong_bytes(&self) -> impl Iterator<Item = String> {
        let objects =
            self.bucket.iter().flat_map(|(_, objects)| &objects.wrong_bytes).map(|key| format!("object {key}"));
        objects.chain(self.files.iter().flat_map(|files| &files.wrong_bytes).map(|key| format!("file {key}")))
    }
}
