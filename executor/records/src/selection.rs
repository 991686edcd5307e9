//! Which runs are meant: by their numbers, or the newest.

use std::str::FromStr;

use workload_schema::record::RunRecord;

use crate::error::ResultsError;
use crate::results_file::{ResultsFile, RunFilter, RunId};

/// A run by its number, or the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSelector {
    /// The newest run.
    Last,
    /// This run.
    Run(RunId),
}

/// A text that names no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a run is named by its number, as `wlx results list` shows it, or `last`")]
pub struct RunSelectorError;

impl FromStr for RunSelector {
    type Err = RunSelectorError;

    fn from_str(text: &str) -> Result<Self, RunSelectorError> {
        match text {
            "last" => Ok(Self::Last),
            number => number.parse().map(Self::Run).map_err(|_| RunSelectorError),
        }
    }
}

/// The runs that are named; those of the newest session where none is.
pub fn select_runs(selectors: &[RunSelector], results: &ResultsFile) -> Result<Vec<RunRecord>, ResultsError> {
    if selectors.is_empty() {
        let session = results.last_session()?.ok_or(ResultsError::NoRuns)?;
        return Ok(results.runs(&RunFilter { session: Some(session), ..RunFilter::default() })?);
    }
    selected(selectors, results)
}

/// The runs that are named, in that order.
pub fn selected(selectors: &[RunSelector], results: &ResultsFile) -> Result<Vec<RunRecord>, ResultsError> {
    selectors
        .iter()
        .map(|selector| {
            let run = match selector {
                RunSelector::Run(run) => *run,
                RunSelector::Last => results.last_run()?.ok_or(ResultsError::NoRuns)?,
            };
            Ok(results.run(run)?)
        })
        .collect()
}
