//! What can go wrong with a results file.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::RunId;

/// A results file that cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsFileError {
    /// Nothing was stored there yet.
    #[error("there is no results file {path}", path = path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder of the file cannot be made.
    #[error("cannot make the folder of the results file {path}", path = path.display())]
    Folder {
        /// The results file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A later wlx has changed the format.
    #[error(
        "the results file {path} has format {found}, and this wlx reads formats up to {known}",
        path = path.display()
    )]
    Newer {
        /// The results file.
        path: PathBuf,
        /// Its format version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Not a results file: another program's, or not SQLite at all.
    #[error("{path} is not a results file of wlx", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Parts of the file were overwritten or lost.
    #[error("the results file {path} is damaged (while {doing})", path = path.display())]
    Damaged {
        /// The results file.
        path: PathBuf,
        /// What was being done.
        doing: String,
        /// What SQLite, or the reader of a value, says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No space is left. What was stored before is intact.
    #[error("no space left for the results file {path} (while {doing})", path = path.display())]
    Full {
        /// The results file.
        path: PathBuf,
        /// What was being done.
        doing: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// No run has this number.
    #[error("there is no run {run} in {path}", path = path.display())]
    NoSuchRun {
        /// The results file.
        path: PathBuf,
        /// The number.
        run: RunId,
    },
    /// Anything else that SQLite reports: no permission, locked for too long, I/O.
    #[error("cannot use the results file {path} (while {doing})", path = path.display())]
    Sqlite {
        /// The results file.
        path: PathBuf,
        /// What was being done.
        doing: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl ResultsFileError {
    /// The error for what SQLite reported while `doing` something with the file at `path`.
    pub(super) fn of(path: PathBuf, doing: impl Into<String>, source: rusqlite::Error) -> Self {
        let doing = doing.into();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign { path },
            Some(ErrorCode::DiskFull) => Self::Full { path, doing, source },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, doing, source: source.into() },
            None if is_bad_value(&source) => Self::Damaged { path, doing, source: source.into() },
            _ => Self::Sqlite { path, doing, source },
        }
    }

    /// What a person can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing { .. } => Some("run something first (wlx run WORKLOAD), or name another file with --db"),
            Self::Newer { .. } => Some("use the wlx that wrote it, or a later one, or another file with --db"),
            Self::Foreign { .. } => Some("name another file with --db"),
            Self::Damaged { .. } => {
                Some("move the file away and start a new one; `sqlite3 FILE .recover` may save what is left")
            }
            Self::Full { .. } => Some("free some space; everything stored before is intact"),
            Self::NoSuchRun { .. } => Some("wlx results list shows the runs that there are"),
            Self::Folder { .. } | Self::Sqlite { .. } => None,
        }
    }
}

/// Whether a stored value, not the access to it, is what SQLite's Rust side complains about.
fn is_bad_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..))
}
