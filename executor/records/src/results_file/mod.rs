//! The results file: every run and each of its repeats, in SQLite, stored as it ends.
//!
//! One file holds the runs of many sessions and may be written by several processes at once. What is
//! acknowledged stays: a repeat survives `kill -9` and power loss once [`ResultsFile::add_repeat`] returned.
//! Summaries are never stored; they are derived from the repeats when somebody looks.

mod columns;
mod connect;
mod error;
mod filter;
mod finding;
mod migrate;
mod new_run;
mod read;
mod run_id;
mod tasks;
#[cfg(test)]
mod tests;
mod workload_bytes;
mod write;
mod writer;

pub use error::ResultsFileError;
pub use filter::RunFilter;
pub use finding::{Finding, FindingKind, NewFinding};
pub use new_run::NewRun;
pub use run_id::RunId;
pub use tasks::Recording;
pub use workload_bytes::WorkloadBytes;

use std::path::{Path, PathBuf};

/// An open results file.
#[derive(Debug)]
pub struct ResultsFile {
    connection: rusqlite::Connection,
    path: PathBuf,
}

impl ResultsFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
