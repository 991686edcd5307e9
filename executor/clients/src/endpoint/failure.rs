//! A failed request or task, as every client reports it.

use std::fmt;

use workload_schema::{ErrorCount, ErrorKind};

/// What failed and why, in the terms of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The cause, as reports group it.
    pub kind: ErrorKind,
    /// HTTP status of the answer, if there was one.
    pub http_status: Option<u16>,
    /// S3 error code, if there was one.
    pub s3_code: Option<String>,
    /// Operation, key and the store's or system's own words.
    pub message: String,
}

impl Failure {
    /// A failure that no answer of the store came with.
    pub fn local(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, http_status: None, s3_code: None, message: message.into() }
    }

    /// A failure of the local disk at `path`.
    pub fn disk(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::local(ErrorKind::Disk, format!("cannot {doing} {}: {error}", path.display()))
    }

    /// Whether both have the same cause, so that they are counted together.
    pub fn same_cause(&self, count: &ErrorCount) -> bool {
        (self.kind, self.http_status, &self.s3_code) == (count.kind, count.http_status, &count.s3_code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Adds a failure to the counts by cause.
pub fn tally(counts: &mut Vec<ErrorCount>, failure: Failure) {
    if let Some(count) = counts.iter_mut().find(|count| failure.same_cause(count)) {
        count.count += 1;
        return;
    }
    counts.push(ErrorCount {
        kind: failure.kind,
        http_status: failure.http_status,
        s3_code: failure.s3_code,
        message: failure.message,
        count: 1,
    });
}
