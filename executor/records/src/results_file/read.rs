//! Reading runs back as the records that are shown and exported.

use std::error::Error;

use rusqlite::types::{Type, ValueRef};
use rusqlite::{OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use workload_schema::record::{self, Outcome, RepeatRecord, RunRecord};
use workload_schema::{ClockError, ErrorCount, ErrorKind, WallTime, WorkloadName};

use super::writer::{Liveness, Writer};
use super::{ResultsFile, ResultsFileError, RunFilter, RunId};

/// Columns of `run` that [`run_of`] takes.
const RUN_COLUMNS: &str = "id, session, started_at, ended_at, workload, workload_digest, workload_bytes, workload_tasks, \
     scale, client, hello, settings, wlx_version, machine, writer, outcome, reason, verified, \
     ordinal, bytes_sent, bytes_received";
/// Reason of an unfinished run whose process is gone.
const KILLED: &str = "killed";
/// Reason of an unfinished run whose process still works on it.
const STILL_RUNNING: &str = "still running";

impl ResultsFile {
    /// The runs that `filter` lets through, newest first, with all their repeats.
    ///
    /// An unfinished run has the reason `killed` where its process is gone and `still running` where it is not.
    pub fn runs(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, ResultsFileError> {
        self.read(|| {
            // One transaction, so that a run and its repeats are of one moment.
            let moment = self.connection.unchecked_transaction()?;
            let mut select = moment.prepare_cached(&format!(
                "SELECT {RUN_COLUMNS} FROM run \
                 WHERE (?1 IS NULL OR workload IN (SELECT value FROM json_each(?1))) \
                 AND (?2 IS NULL OR client IN (SELECT value FROM json_each(?2))) \
                 AND (?3 IS NULL OR session = ?3) ORDER BY id DESC LIMIT ?4"
            ))?;
            let limit = filter.limit.map_or(-1, i64::from);
            let filters = params![any_of(&filter.workloads), any_of(&filter.clients), filter.session, limit];
            let mut runs: Vec<RunRecord> = select.query_map(filters, run_of)?.collect::<Result<_, _>>()?;
            for run in &mut runs {
                run.repeats = self.repeats(run.run)?;
            }
            Ok(runs)
        })
    }

    /// One run with all its repeats.
    pub fn run(&self, run: RunId) -> Result<RunRecord, ResultsFileError> {
        let found = self.read(|| {
            let moment = self.connection.unchecked_transaction()?;
            let select = format!("SELECT {RUN_COLUMNS} FROM run WHERE id = ?1");
            let Some(mut record) = moment.prepare_cached(&select)?.query_row([run.get()], run_of).optional()? else {
                return Ok(None);
            };
            record.repeats = self.repeats(record.run)?;
            Ok(Some(record))
        })?;
        found.ok_or_else(|| ResultsFileError::NoSuchRun { path: self.path.clone(), run })
    }

    /// The newest run's number, if there is any run.
    pub fn last_run(&self) -> Result<Option<RunId>, ResultsFileError> {
        self.read(|| {
            let newest: Option<i64> = self.connection.query_row("SELECT max(id) FROM run", [], |row| row.get(0))?;
            Ok(newest.map(RunId::of_row))
        })
    }

    /// The session of the newest run, if there is any run.
    pub fn last_session(&self) -> Result<Option<String>, ResultsFileError> {
        self.read(|| {
            let newest = "SELECT session FROM run ORDER BY id DESC LIMIT 1";
            self.connection.query_row(newest, [], |row| row.get(0)).optional()
        })
    }

    /// How many runs there are in all.
    pub fn count(&self) -> Result<u64, ResultsFileError> {
        self.read(|| self.connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0)))
    }

    fn repeats(&self, run: i64) -> rusqlite::Result<Vec<RepeatRecord>> {
        let mut select = self.connection.prepare_cached(
            "SELECT repeat, cold, seconds, bytes, requests, retries, cpu_user_seconds, cpu_system_seconds, \
             peak_memory_bytes, backoff_seconds, usage, started_unix_ns, clock_offset_ns, clock_bound_ns \
             FROM repeat WHERE run = ?1 ORDER BY repeat",
        )?;
        let mut repeats: Vec<RepeatRecord> = select.query_map([run], repeat_of)?.collect::<Result<_, _>>()?;
        let mut select = self.connection.prepare_cached(
            "SELECT repeat, kind, http_status, s3_code, message, count FROM repeat_error WHERE run = ?1 \
             ORDER BY repeat, position",
        )?;
        let mut errors = select.query([run])?;
        while let Some(row) = errors.next()? {
            let number: u64 = row.get(0)?;
            if let Ok(index) = repeats.binary_search_by_key(&number, |repeat| repeat.repeat) {
                repeats[index].errors.push(error_of(row)?);
            }
        }
        Ok(repeats)
    }

    pub(super) fn read<T>(&self, work: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, ResultsFileError> {
        work().map_err(|error| ResultsFileError::of(self.path.clone(), "reading its runs", error))
    }
}

/// The list as a JSON array, or NULL for one that lets everything through.
fn any_of(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| serde_json::Value::from(names).to_string())
}

fn run_of(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    let outcome: Outcome = word(row, "outcome")?;
    let reason: Option<String> = row.get("reason")?;
    let reason = match outcome {
        Outcome::Unfinished => match json::<Writer>(row, "writer")?.liveness() {
            Liveness::Gone => Some(KILLED.to_owned()),
            Liveness::Running => Some(STILL_RUNNING.to_owned()),
            Liveness::Unknown => reason,
        },
        _ => reason,
    };
    let workload: String = row.get("workload")?;
    Ok(RunRecord {
        version: record::VERSION,
        run: row.get("id")?,
        session: row.get("session")?,
        ordinal: row.get("ordinal")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        workload: WorkloadName::new(workload).map_err(|error| unreadable(row, "workload", error))?,
        workload_digest: word(row, "workload_digest")?,
        workload_bytes: row.get("workload_bytes")?,
        workload_bytes_sent: row.get("bytes_sent")?,
        workload_bytes_received: row.get("bytes_received")?,
        workload_tasks: row.get("workload_tasks")?,
        scale: row.get("scale")?,
        client: row.get("client")?,
        hello: optional_json(row, "hello")?,
        conditions: json(row, "settings")?,
        wlx_version: row.get("wlx_version")?,
        machine: json(row, "machine")?,
        outcome,
        reason,
        verified: optional_json(row, "verified")?,
        repeats: Vec::new(),
    })
}

fn repeat_of(row: &Row<'_>) -> rusqlite::Result<RepeatRecord> {
    Ok(RepeatRecord {
        repeat: row.get("repeat")?,
        cold: row.get("cold")?,
        started_at: wall_time_of(row)?,
        seconds: row.get("seconds")?,
        bytes: row.get("bytes")?,
        requests: row.get("requests")?,
        retries: row.get("retries")?,
        errors: Vec::new(),
        cpu_user_seconds: row.get("cpu_user_seconds")?,
        cpu_system_seconds: row.get("cpu_system_seconds")?,
        peak_memory_bytes: row.get("peak_memory_bytes")?,
        backoff_seconds: row.get("backoff_seconds")?,
        usage: json(row, "usage")?,
    })
}

/// When a repeat started, if that was stored.
fn wall_time_of(row: &Row<'_>) -> rusqlite::Result<Option<WallTime>> {
    let Some(unix_ns) = row.get("started_unix_ns")? else { return Ok(None) };
    let clock = match (row.get("clock_offset_ns")?, row.get("clock_bound_ns")?) {
        (Some(offset_ns), Some(bound_ns)) => Some(ClockError { offset_ns, bound_ns }),
        _ => None,
    };
    Ok(Some(WallTime { unix_ns, clock }))
}

fn error_of(row: &Row<'_>) -> rusqlite::Result<ErrorCount> {
    Ok(ErrorCount {
        // A cause that a later wlx knows and this one does not is still a failure.
        kind: word(row, "kind").unwrap_or(ErrorKind::Other),
        http_status: row.get("http_status")?,
        s3_code: row.get("s3_code")?,
        message: row.get("message")?,
        count: row.get("count")?,
    })
}

/// A value that the records spell as one word.
fn word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let word = serde_json::Value::String(row.get(column)?);
    serde_json::from_value(word).map_err(|error| unreadable(row, column, error))
}

/// A JSON document.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(row, column, error))
}

/// A JSON document, or nothing where NULL is stored.
fn optional_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => json(row, column).map(Some),
    }
}

fn unreadable(row: &Row<'_>, column: &str, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    match row.as_ref().column_index(column) {
        Ok(index) => rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error)),
        Err(missing) => missing,
    }
}
