//! Findings that are not runs: what a client was seen to do, the floor of a machine, the outcome of a comparison.

use rusqlite::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::write::now;
use super::{ResultsFile, ResultsFileError};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// What a client did on small forms of workloads (`wlx conform`).
    Conformance,
    /// The floor of the harness and of a machine (`wlx calibrate`).
    Calibration,
    /// The outcome of a comparison (`wlx compare`).
    Comparison,
}

impl FindingKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Conformance => "conformance",
            Self::Calibration => "calibration",
            Self::Comparison => "comparison",
        }
    }
}

/// A finding that is to be stored. Its body carries a format version of its own.
#[derive(Debug)]
pub struct NewFinding<'a, T> {
    /// What it is about.
    pub kind: FindingKind,
    /// What the findings of one command share; the session of its runs where it has runs.
    pub session: &'a str,
    /// The client, if it is about one.
    pub client: Option<&'a str>,
    /// Its version.
    pub client_version: Option<&'a str>,
    /// What was found.
    pub body: &'a T,
}

/// A stored finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<T> {
    /// Its number in the results file.
    pub id: i64,
    /// When it was stored, RFC 3339 in UTC.
    pub found_at: String,
    /// What the findings of one command share.
    pub session: String,
    /// Version of the wlx that found it.
    pub wlx_version: String,
    /// The client, if it is about one.
    pub client: Option<String>,
    /// Its version.
    pub client_version: Option<String>,
    /// What was found.
    pub body: T,
}

impl ResultsFile {
    /// Stores a finding; answers its number.
    pub fn add_finding<T: Serialize>(&mut self, finding: &NewFinding<'_, T>) -> Result<i64, ResultsFileError> {
        self.write("storing a finding", |transaction| {
            let body = serde_json::to_string(finding.body)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            transaction
                .prepare_cached(
                    "INSERT INTO finding (kind, found_at, session, wlx_version, client, client_version, body) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    finding.kind.as_str(),
                    now(),
                    finding.session,
                    env!("CARGO_PKG_VERSION"),
                    finding.client,
                    finding.client_version,
                    body,
                ])?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// All findings of a kind, newest first; those whose body this release cannot read are passed over.
    pub fn findings<T: DeserializeOwned>(&self, kind: FindingKind) -> Result<Vec<Finding<T>>, ResultsFileError> {
        self.read(|| {
            let mut select = self.connection.prepare_cached(
                "SELECT id, found_at, session, wlx_version, client, client_version, body FROM finding \
                 WHERE kind = ?1 ORDER BY id DESC",
            )?;
            let mut rows = select.query([kind.as_str()])?;
            let mut findings = Vec::new();
            while let Some(row) = rows.next()? {
                let Ok(body) = serde_json::from_str(row.get_ref(6)?.as_str()?) else { continue };
                findings.push(Finding {
                    id: row.get(0)?,
                    found_at: row.get(1)?,
                    session: row.get(2)?,
                    wlx_version: row.get(3)?,
                    client: row.get(4)?,
                    client_version: row.get(5)?,
                    body,
                });
            }
            Ok(findings)
        })
    }
}
