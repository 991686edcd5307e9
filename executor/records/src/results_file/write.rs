//! Storing a run while it goes on: its beginning, what the client says of itself, each repeat, its end.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Transaction, TransactionBehavior, params};
use serde::Serialize;
use workload_schema::event::{Hello, Verified};
use workload_schema::record::{Outcome, RepeatRecord};

use super::writer::Writer;
use super::{NewRun, Recording, ResultsFile, ResultsFileError, RunId};

impl ResultsFile {
    /// Stores that a run begins now, written by this process. It is unfinished until [`Self::end_run`].
    pub fn begin_run(&mut self, run: &NewRun) -> Result<RunId, ResultsFileError> {
        self.write("storing the start of a run", |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO run (session, ordinal, started_at, workload, workload_digest, workload_bytes, \
                     bytes_sent, bytes_received, workload_tasks, scale, client, settings, wlx_version, machine, \
                     writer, outcome) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                )?
                .execute(params![
                    run.key.session.as_str(),
                    run.key.ordinal,
                    now(),
                    run.workload.as_str(),
                    run.workload_digest.as_str(),
                    run.workload_bytes(),
                    run.workload_bytes_sent,
                    run.workload_bytes_received,
                    run.workload_tasks,
                    run.scale.to_string(),
                    run.client,
                    json(&run.conditions)?,
                    run.wlx_version,
                    json(&run.machine)?,
                    json(&Writer::this())?,
                    Outcome::Unfinished.as_str(),
                ])?;
            Ok(RunId::of_row(transaction.last_insert_rowid()))
        })
    }

    /// Stores what the client of a run said of itself.
    pub fn set_hello(&mut self, run: RunId, hello: &Hello) -> Result<(), ResultsFileError> {
        let changed = self.write("storing what the client says of itself", |transaction| {
            transaction
                .prepare_cached("UPDATE run SET hello = ?2 WHERE id = ?1")?
                .execute(params![run.get(), json(hello)?])
        })?;
        self.found(run, changed)
    }

    /// Stores what was compared off the clock.
    pub fn set_verified(&mut self, run: RunId, verified: &Verified) -> Result<(), ResultsFileError> {
        let changed = self.write("storing what was verified", |transaction| {
            transaction
                .prepare_cached("UPDATE run SET verified = ?2 WHERE id = ?1")?
                .execute(params![run.get(), json(verified)?])
        })?;
        self.found(run, changed)
    }

    /// Stores a finished repeat with what was recorded of it. Once this returns, nothing short of a broken disk loses
    /// it.
    pub fn add_repeat(
        &mut self,
        run: RunId,
        repeat: &RepeatRecord,
        recording: Recording,
    ) -> Result<(), ResultsFileError> {
        let doing = format!("storing repeat {} of run {run}", repeat.repeat);
        self.write(&doing, |transaction| {
            insert_repeat(transaction, run, repeat)?;
            insert_errors(transaction, run, repeat)?;
            recording.insert(transaction, run, repeat.repeat)
        })
    }

    /// Stores how a run ended, now.
    pub fn end_run(&mut self, run: RunId, outcome: Outcome, reason: Option<&str>) -> Result<(), ResultsFileError> {
        let changed = self.write(&format!("storing the end of run {run}"), |transaction| {
            transaction
                .prepare_cached("UPDATE run SET ended_at = ?2, outcome = ?3, reason = ?4 WHERE id = ?1")?
                .execute(params![run.get(), now(), outcome.as_str(), reason])
        })?;
        self.found(run, changed)
    }

    /// One transaction that takes the write lock at once: one that reads first could find it taken later,
    /// when SQLite no longer waits.
    pub(super) fn write<T>(
        &mut self,
        doing: &str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, ResultsFileError> {
        let attempt = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        attempt().map_err(|error| ResultsFileError::of(self.path.clone(), doing, error))
    }

    fn found(&self, run: RunId, changed: usize) -> Result<(), ResultsFileError> {
        if changed == 1 { Ok(()) } else { Err(ResultsFileError::NoSuchRun { path: self.path.clone(), run }) }
    }
}

fn insert_repeat(transaction: &Transaction<'_>, run: RunId, repeat: &RepeatRecord) -> rusqlite::Result<()> {
    let clock = repeat.started_at.and_then(|started| started.clock);
    transaction
        .prepare_cached(
            "INSERT INTO repeat (run, repeat, cold, seconds, bytes, requests, retries, cpu_user_seconds, \
             cpu_system_seconds, peak_memory_bytes, backoff_seconds, usage, started_unix_ns, clock_offset_ns, \
             clock_bound_ns) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            run.get(),
            repeat.repeat,
            repeat.cold,
            repeat.seconds,
            repeat.bytes,
            repeat.requests,
            repeat.retries,
            repeat.cpu_user_seconds,
            repeat.cpu_system_seconds,
            repeat.peak_memory_bytes,
            repeat.backoff_seconds,
            json(&repeat.usage)?,
            repeat.started_at.map(|started| started.unix_ns),
            clock.map(|clock| clock.offset_ns),
            clock.map(|clock| clock.bound_ns),
        ])?;
    Ok(())
}

fn insert_errors(transaction: &Transaction<'_>, run: RunId, repeat: &RepeatRecord) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO repeat_error (run, repeat, position, kind, http_status, s3_code, message, count) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, error) in repeat.errors.iter().enumerate() {
        insert.execute(params![
            run.get(),
            repeat.repeat,
            position,
            error.kind.as_str(),
            error.http_status,
            error.s3_code,
            error.message,
            error.count,
        ])?;
    }
    Ok(())
}

/// RFC 3339 in UTC, to the millisecond: as text it sorts by time.
pub(super) fn now() -> String {
    format!("{:.3}", Timestamp::now())
}

fn json(value: &impl Serialize) -> rusqlite::Result<Value> {
    serde_json::to_string(value).map(Value::Text).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
