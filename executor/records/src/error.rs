//! Why results cannot be shown.

use std::io;

use crate::results_file::ResultsFileError;

/// Why results cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The results file.
    #[error(transparent)]
    File(#[from] ResultsFileError),
    /// The newest run was asked for, and there is none.
    #[error("no run was stored yet")]
    NoRuns,
    /// The output.
    #[error("cannot print the results")]
    Write(#[from] io::Error),
}

impl ResultsError {
    /// What a person can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::File(error) => error.hint(),
            Self::NoRuns => Some("run something first: wlx run WORKLOAD"),
            Self::Write(_) => None,
        }
    }
}
