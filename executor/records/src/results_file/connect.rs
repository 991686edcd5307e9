//! Opening a results file: settings of the connection, checks, migration.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrate::{self, Format};
use super::{ResultsFile, ResultsFileError};

/// Writers hold the lock for one small transaction: whoever waits this long meets a stuck process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// Pause before asking for the lock again where SQLite itself does not wait.
const RETRY_PAUSE: Duration = Duration::from_millis(5);

impl ResultsFile {
    /// Opens the results file at `path` for reading and writing; makes it, and its folder, if need be.
    pub fn open(path: &Path) -> Result<Self, ResultsFileError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| ResultsFileError::Folder { path: path.to_owned(), source })?;
        }
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // Before the first write, so that a file of somebody else stays as it is.
        Format::of(&connection, path, migrate::STEPS)?;
        enter_wal(&connection, path)?;
        migrate::migrate(&mut connection, path, migrate::STEPS)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Opens the results file at `path` for reading; one that does not exist is an error.
    ///
    /// A file of an earlier format is brought to the current one first.
    pub fn open_read_only(path: &Path) -> Result<Self, ResultsFileError> {
        if !path.exists() {
            return Err(ResultsFileError::Missing { path: path.to_owned() });
        }
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if Format::of(&connection, path, migrate::STEPS)?.version() < migrate::STEPS.len() {
            drop(connection);
            Self::open(path)?;
            return Self::open_read_only(path);
        }
        Ok(Self { connection, path: path.to_owned() })
    }
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, ResultsFileError> {
    let failed = |error| ResultsFileError::of(path.to_owned(), "opening it", error);
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    // FULL, not NORMAL: a repeat may stand for ten minutes of work, and the flush that makes it survive
    // power loss costs milliseconds outside the timed part.
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    Ok(connection)
}

/// Switches the file to write-ahead logging, so that readers never hold up a run.
///
/// SQLite does not wait for the lock at this one point, so several processes that meet at a new
/// file have to ask again.
fn enter_wal(connection: &Connection, path: &Path) -> Result<(), ResultsFileError> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let switched = connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
        match switched {
            Ok(()) => return Ok(()),
            Err(error) if is_busy(&error) && Instant::now() < deadline => std::thread::sleep(RETRY_PAUSE),
            Err(error) => return Err(ResultsFileError::of(path.to_owned(), "opening it", error)),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
