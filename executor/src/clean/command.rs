//! The command: select, merge, look up, show, remove.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::bucket::{Undone, undo};
use super::objects::NamedObjects;
use super::survey::{CleanSurvey, Removed};
use super::{CleanArgs, files, objects, show};
use crate::prep::bucket::{BucketState, state};
use crate::prep::{BucketClient, Part, PlanFormat, PrepError, PrepWork, UntilCancelled};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use crate::store::Store;
use wlx_terminal as terminal;
use workload_library::Library;

/// Runs `wlx clean`.
pub async fn run(args: &CleanArgs, settings: &Settings) -> Result<(), PrepError> {
    let stop = cancelled_by_signals().map_err(PrepError::Signals)?;
    let (part, names) = args.selection.split();
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let work = PrepWork::of(&library.find_all(names)?)?;
    let target = if part.bucket() { Some(Store::open(settings).await?) } else { None };
    let store = match &target {
        Some(target) => Some(BucketClient::of(target, settings.target_throughput.value).await),
        None => None,
    };
    let cleaning = Cleaning { args, part, work: &work, files_dir: &settings.files_dir.value, store: store.as_ref() };
    let cleaned = cleaning.run(&stop, terminal::data).await;
    if let Some(target) = target {
        target.close().await;
    }
    cleaned
}

/// Everything that one `wlx clean` works with.
pub(super) struct Cleaning<'a> {
    pub(super) args: &'a CleanArgs,
    pub(super) part: Part,
    pub(super) work: &'a PrepWork,
    pub(super) files_dir: &'a Path,
    pub(super) store: Option<&'a BucketClient>,
}

impl Cleaning<'_> {
    pub(super) async fn run(&self, stop: &CancellationToken, out: impl Fn(&str)) -> Result<(), PrepError> {
        let survey = self.survey(stop).await?;
        if self.args.format == PlanFormat::Table {
            out(&show::table(self.store, &survey));
        }
        let removed = if self.args.dry_run { None } else { Some(self.remove(&survey, stop).await?) };
        if self.args.format == PlanFormat::Json {
            out(&show::json(&survey, removed));
        } else if let (Some(Removed { bucket: Some(bucket), .. }), Some(store)) = (removed, self.store) {
            terminal::note(&format!("bucket {}: {}", store.bucket, bucket.as_str()));
        }
        Ok(())
    }

    async fn survey(&self, stop: &CancellationToken) -> Result<CleanSurvey, PrepError> {
        let files = self.part.files().then(|| files::survey(self.work, self.files_dir)).transpose()?;
        let Some(store) = self.store.filter(|_| self.part.bucket()) else {
            return Ok(CleanSurvey { bucket: None, files });
        };
        let state = stop.unless(state(store)).await?;
        let objects = match state {
            BucketState::Foreign => return Err(PrepError::ForeignBucket { bucket: store.bucket.to_string() }),
            BucketState::Missing | BucketState::Empty => NamedObjects::default(),
            BucketState::Ours(_) => objects::survey(self.work, store, stop).await?,
        };
        Ok(CleanSurvey { bucket: Some((state, objects)), files })
    }

    async fn remove(&self, survey: &CleanSurvey, stop: &CancellationToken) -> Result<Removed, PrepError> {
        let mut removed = Removed::default();
        if let (Some((state, objects)), Some(store)) = (&survey.bucket, self.store) {
            objects::remove(objects, store, stop).await?;
            removed.bucket = self.undo_bucket(*state, store, stop).await?;
        }
        if let Some(files) = &survey.files {
            removed.folders = files::remove(files, stop)?;
        }
        Ok(removed)
    }

    async fn undo_bucket(
        &self,
        state: BucketState,
        store: &BucketClient,
        stop: &CancellationToken,
    ) -> Result<Option<Undone>, PrepError> {
        match state {
            BucketState::Ours(origin) if self.args.bucket_too => stop.unless(undo(store, origin)).await.map(Some),
            _ => Ok(None),
        }
    }
}
