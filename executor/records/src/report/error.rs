//! Why a report cannot be written.

use std::path::PathBuf;

use crate::error::ResultsError;
use crate::results_file::ResultsFileError;

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The runs.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The page's own template: a defect of this program.
    #[error("cannot make the page")]
    Template(#[from] minijinja::Error),
    /// The file.
    #[error("cannot write {}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl ReportError {
    /// What a person can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Results(error) => error.hint(),
            Self::Write { .. } => Some("name another file with --output"),
            Self::Template(_) => None,
        }
    }
}

impl From<ResultsFileError> for ReportError {
    fn from(error: ResultsFileError) -> Self {
        Self::Results(error.into())
    }
}
