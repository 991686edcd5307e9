//! The command: select, merge, look up, show, apply.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::show::Plan;
use super::{BucketClient, Part, PlanFormat, PrepArgs, PrepError, PrepWork, Survey, SurveyOrder, disk, show};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use crate::store::Store;
use wlx_terminal as terminal;
use workload_library::{Library, LoadedWorkload};

/// Runs `wlx prep`.
pub async fn run(args: &PrepArgs, settings: &Settings) -> Result<(), PrepError> {
    let stop = cancelled_by_signals().map_err(PrepError::Signals)?;
    let (part, names) = args.selection.split();
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let workloads = library.find_all(names)?;
    let work = PrepWork::of(&workloads)?;
    let target = if part.bucket() { Some(Store::open(settings).await?) } else { None };
    let store = match &target {
        Some(target) => Some(BucketClient::of(target, settings.target_throughput.value).await),
        None => None,
    };
    let prepared = Preparation {
        args,
        part,
        workloads: &workloads,
        work: &work,
        files_dir: &settings.files_dir.value,
        store: store.as_ref(),
    }
    .run(&stop, terminal::data)
    .await;
    if let Some(target) = target {
        target.close().await;
    }
    prepared
}

/// Everything that one `wlx prep` works with.
pub(super) struct Preparation<'a> {
    pub(super) args: &'a PrepArgs,
    pub(super) part: Part,
    pub(super) workloads: &'a [LoadedWorkload],
    pub(super) work: &'a PrepWork,
    pub(super) files_dir: &'a Path,
    pub(super) store: Option<&'a BucketClient>,
}

impl Preparation<'_> {
    pub(super) async fn run(&self, stop: &CancellationToken, out: impl Fn(&str)) -> Result<(), PrepError> {
        let PrepArgs { dry_run, adopt, verify, format, .. } = *self.args;
        let order = SurveyOrder { work: self.work, files_dir: self.files_dir, adopt, verify };
        let survey = Survey::take(order, self.part, self.store, stop).await?;
        let plan = Plan { workloads: self.workloads, store: self.store, survey: &survey, applied: !dry_run };
        if format == PlanFormat::Table {
            out(&show::table(plan));
        }
        self.warn_of_downloads();
        if !dry_run {
            survey.apply(self.files_dir, self.store, stop).await?;
        }
        if format == PlanFormat::Json {
            out(&show::json(plan));
        }
        let mut wrong = survey.wrong_bytes();
        match wrong.next() {
            Some(first) if dry_run => Err(PrepError::WrongBytes { count: 1 + wrong.count(), first }),
            _ => Ok(()),
        }
    }

    /// Downloads to disk need their space when they run, not now: a warning is enough.
    fn warn_of_downloads(&self) {
        if !self.part.files() {
            return;
        }
        if let Err(error) = disk::check(self.files_dir, disk::needed_by_downloads(self.work, self.files_dir)) {
            terminal::warning(&format!("what these workloads download will not fit all at once: {error}"));
        }
    }
}
