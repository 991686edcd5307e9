//! Why a runner could not be driven to its end.

use std::io;
use std::path::PathBuf;

use super::journal::JournalError;

/// A runner that could not be driven: no statement about the client.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The program cannot be started.
    #[error("cannot start {}: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The journal; the run goes no further, as its repeats would be lost.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The process or its pipe.
    #[error("cannot follow the client: {0}")]
    Process(#[from] io::Error),
}
