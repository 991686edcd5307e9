//! The one error of all commands.

use std::io;
use std::net::SocketAddr;

use embedded_s3::ServerError;
use embedded_s3::admin::AdminError;
use run_records::baseline::BaselineError;
use run_records::report::ReportError;
use run_records::results::ResultsError;
use run_records::results_file::ResultsFileError;
use run_watch::ListenError;
use runner_drive::DriveError;
use s3_clients::catalog::CatalogError;
use s3_clients::endpoint::Failure;
use workload_library::LookupError;
use workload_schema::exit_code;
use workload_schema::format::run_file::Inexpressible;

use super::Refusal;
use crate::prep::PrepError;
use crate::results::ResultsCommandError;
use crate::settings::SettingsError;
use crate::store::{EmbeddedError, StoreError};

/// Why a command stopped. Each message says what to do about it, or [`CommandError::hint`] does.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Arguments cannot be used; all of them are listed.
    #[error("{}", lines(.0))]
    Refused(Vec<Refusal>),
    /// The settings do not fit.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A client is unknown, or its settings do not fit.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A workload is missing, or its file is refused.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// `--metrics` names an address that cannot be listened on.
    #[error(transparent)]
    Metrics(#[from] ListenError),
    /// `--cloudwatch` with `--scale`: dimensions do not tell shrunk workloads from whole ones.
    #[error(
        "--cloudwatch takes no shrunk workloads: their numbers would be among those of the whole ones\nhint: leave out --scale"
    )]
    ScaledCloudWatch,
    /// `wlx serve` was told to listen on an address that other machines can reach.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// `wlx prep` or `wlx clean` stopped.
    #[error(transparent)]
    Prep(PrepError),
    /// The files and objects that runs need could not be prepared.
    #[error(transparent)]
    Preparation(PrepError),
    /// There is no store to work with.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bucket cannot be inspected.
    #[error("{0}")]
    Bucket(Failure),
    /// The files directory cannot be inspected.
    #[error("cannot look into the files directory: {0}")]
    FilesDir(io::Error),
    /// An embedded server of a command's own did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The server of `wlx serve` did not start.
    #[error(transparent)]
    Serve(ServerError),
    /// The embedded server did not answer an admin call.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The embedded server received more requests than it can record.
    #[error("{0} requests more than can be recorded")]
    Unrecorded(u64),
    /// `--slow` was given and the store is not the embedded server.
    #[error("--slow works on the embedded server only: leave out --endpoint-url and --bucket")]
    SlowElsewhere,
    /// A client does not go to the endpoint that it is given.
    #[error("{0}")]
    LeavesEndpoint(String),
    /// A runner could not be driven to its end.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// A client failed whose figures the command needs.
    #[error("the client {client} failed: {reason}")]
    ClientFailed {
        /// Client id.
        client: &'static str,
        /// What it said.
        reason: String,
    },
    /// A workload of a command's own cannot be written as a file.
    #[error(transparent)]
    Workload(#[from] Inexpressible),
    /// The results cannot be read or shown.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// `wlx results` cannot print or write what it was asked for.
    #[error(transparent)]
    Output(#[from] ResultsCommandError),
    /// The report cannot be written.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A baseline cannot be read or written.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// No run has a repeat that a baseline could keep.
    #[error("none of {runs} runs has a good warm repeat to compare with\nhint: run something first: wlx run WORKLOAD")]
    NothingToKeep {
        /// Runs that were looked at.
        runs: usize,
    },
    /// A document cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A thread of a command's own panicked.
    #[error(transparent)]
    Thread(#[from] tokio::task::JoinError),
    /// The system refused a file, a folder, a process or the watch for signals.
    #[error(transparent)]
    System(#[from] io::Error),
    /// The user stopped the command, and this is what it was stopped in.
    #[error(transparent)]
    Interrupted(Box<CommandError>),
}

impl CommandError {
    /// The exit code that it stands for.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_)
            | Self::Settings(_)
            | Self::Catalog(_)
            | Self::Lookup(_)
            | Self::Metrics(_)
            | Self::ScaledCloudWatch
            | Self::NotLoopback(_) => exit_code::USAGE,
            Self::Prep(error) => error.exit_code(),
            Self::Preparation(_)
            | Self::Store(_)
            | Self::Bucket(_)
            | Self::FilesDir(_)
            | Self::Embedded(_)
            | Self::Serve(_)
            | Self::Admin(_)
            | Self::Unrecorded(_)
            | Self::SlowElsewhere
            | Self::LeavesEndpoint(_)
            | Self::Drive(_)
            | Self::ClientFailed { .. }
            | Self::Workload(_)
            | Self::Results(_)
            | Self::Output(_)
            | Self::Report(_)
            | Self::Baseline(_)
            | Self::NothingToKeep { .. }
            | Self::Json(_)
            | Self::Thread(_)
            | Self::System(_) => exit_code::FAILED,
            Self::Interrupted(_) => exit_code::INTERRUPTED,
        }
    }

    /// What a person can do about it, where the message does not say so itself.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Results(error) => error.hint(),
            Self::Output(error) => error.hint(),
            Self::Report(error) => error.hint(),
            Self::Interrupted(error) => error.hint(),
            Self::Refused(_)
            | Self::Settings(_)
            | Self::Catalog(_)
            | Self::Lookup(_)
            | Self::Metrics(_)
            | Self::ScaledCloudWatch
            | Self::NotLoopback(_)
            | Self::Prep(_)
            | Self::Preparation(_)
            | Self::Store(_)
            | Self::Bucket(_)
            | Self::FilesDir(_)
            | Self::Embedded(_)
            | Self::Serve(_)
            | Self::Admin(_)
            | Self::Unrecorded(_)
            | Self::SlowElsewhere
            | Self::LeavesEndpoint(_)
            | Self::Drive(_)
            | Self::ClientFailed { .. }
            | Self::Workload(_)
            | Self::Baseline(_)
            | Self::NothingToKeep { .. }
            | Self::Json(_)
            | Self::Thread(_)
            | Self::System(_) => None,
        }
    }

    /// The messages for a person, one per problem, each with its causes and its hint.
    pub fn problems(&self) -> Vec<String> {
        match self {
            Self::Refused(refusals) => refusals.iter().map(ToString::to_string).collect(),
            error => {
                let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
                vec![with_causes(error) + &hint]
            }
        }
    }
}

impl From<Vec<Refusal>> for CommandError {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<ResultsFileError> for CommandError {
    fn from(error: ResultsFileError) -> Self {
        Self::Results(error.into())
    }
}

fn lines(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The message and those of its causes, the outermost first.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_refusals_are_told_and_mean_a_usage_error() {
        let missing = Refusal::NotInstalled { client: "s5cmd".to_owned(), how: "install it".to_owned() };
        let error = CommandError::Refused(vec![missing, Refusal::Tuned("no".to_owned())]);
        assert_eq!(error.problems(), ["s5cmd is not installed\nhint: install it", "--tuned: no"]);
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn an_interrupted_command_says_what_it_was_stopped_in() {
        let stopped = CommandError::Interrupted(Box::new(CommandError::SlowElsewhere));
        assert_eq!((stopped.exit_code(), CommandError::SlowElsewhere.exit_code()), (130, 1));
        assert_eq!(stopped.problems(), CommandError::SlowElsewhere.problems());
    }

    #[test]
    fn a_hint_follows_the_message() {
        let error = CommandError::from(ResultsCommandError::from(ResultsError::NoRuns));
        assert_eq!(error.problems(), ["no run was stored yet\nhint: run something first: wlx run WORKLOAD"]);
    }
}
