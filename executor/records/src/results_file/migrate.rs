//! Brings a results file to the current format, one numbered step at a time.
//!
//! A step is never edited once released: files out there have it behind them. Each runs in the
//! transaction that also sets the new version, so that a file is always at exactly one version.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::ResultsFileError;

/// The steps; the version of a file is the number of steps behind it.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/0001_runs.sql"),
    include_str!("migrations/0002_verified.sql"),
    include_str!("migrations/0003_tasks.sql"),
    include_str!("migrations/0004_identity_and_time.sql"),
];

/// `wlxr`: marks a SQLite file as ours.
const APPLICATION_ID: i64 = 0x776c_7872;

/// What a file says of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// No table in it yet.
    Empty,
    /// So many steps behind it.
    Version(usize),
}

impl Format {
    /// Reads and checks what the file says: other programs' files and later formats are refused.
    pub(super) fn of(connection: &Connection, path: &Path, steps: &[&str]) -> Result<Self, ResultsFileError> {
        // One statement, so one view of the file: between two, another process may have made the tables.
        let sql = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) \
                   FROM pragma_application_id, pragma_user_version";
        let (application, found, tables): (i64, i64, i64) = connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(|error| ResultsFileError::of(path.to_owned(), "reading its format", error))?;
        if application == 0 && found == 0 && tables == 0 {
            return Ok(Self::Empty);
        }
        if application != APPLICATION_ID {
            return Err(ResultsFileError::Foreign { path: path.to_owned() });
        }
        match usize::try_from(found) {
            Ok(version) if version <= steps.len() => Ok(Self::Version(version)),
            _ => Err(ResultsFileError::Newer {
                path: path.to_owned(),
                found,
                known: steps.len().try_into().unwrap_or(i64::MAX),
            }),
        }
    }

    /// Steps that the file has behind it.
    pub(super) fn version(self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Version(version) => version,
        }
    }
}

/// Takes the steps that the file does not have behind it yet.
pub(super) fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), ResultsFileError> {
    if Format::of(connection, path, steps)?.version() == steps.len() {
        return Ok(());
    }
    let failed = |error| ResultsFileError::of(path.to_owned(), "bringing it to the current format", error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Asked again under the lock: another process may have done it meanwhile.
    let behind = Format::of(&transaction, path, steps)?.version();
    for step in &steps[behind..] {
        transaction.execute_batch(step).map_err(failed)?;
    }
    let version = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "user_version", version).map_err(failed)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.commit().map_err(failed)
}
