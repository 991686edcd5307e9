//! How commands end, and the exit code of each end.

use workload_schema::exit_code;

use crate::emit::output_folder::OutputError;
use crate::source_set::SourceError;

/// The end of a command that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything that was asked for is done.
    Done,
    /// The sources have errors, which are shown.
    Errors,
    /// Compiled files differ from what the sources make.
    Differences,
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The sources cannot be used.
    #[error(transparent)]
    Sources(#[from] SourceError),
    /// `--prune` with single files.
    #[error("--prune needs whole folders: other sources than the named files may exist")]
    PruneOfFiles,
    /// A compiled file cannot be read or written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// No workload has the name.
    #[error("no source makes a workload `{name}`")]
    UnknownWorkload {
        /// The name that was asked for.
        name: String,
        /// What the name was probably meant to be.
        hint: Option<String>,
    },
}

impl Ending {
    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Done => exit_code::OK,
            Self::Errors | Self::Differences => exit_code::FAILED,
        }
    }
}

impl CommandError {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Sources(_) | Self::PruneOfFiles => exit_code::USAGE,
            Self::Output(_) | Self::UnknownWorkload { .. } => exit_code::FAILED,
        }
    }

    /// What to do about it, if that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::UnknownWorkload { hint, .. } => hint.as_deref(),
            Self::Sources(_) | Self::PruneOfFiles | Self::Output(_) => None,
        }
    }
}
