//! The number of a run in its results file.

use std::fmt;
use std::str::FromStr;

/// Number of a run, from 1, never given twice in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(i64);

/// A text that is not the number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a run is named by its number, as `wlx results list` shows it")]
pub struct RunIdError;

impl RunId {
    /// The run with this number.
    pub fn new(number: i64) -> Result<Self, RunIdError> {
        if number >= 1 { Ok(Self(number)) } else { Err(RunIdError) }
    }

    /// The number that SQLite gave to a new row, which it starts from 1.
    pub(super) fn of_row(row: i64) -> Self {
        Self(row)
    }

    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl FromStr for RunId {
    type Err = RunIdError;

    fn from_str(text: &str) -> Result<Self, RunIdError> {
        Self::new(text.parse().map_err(|_| RunIdError)?)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
