//! The command line of `wlx report`.

use std::path::PathBuf;

use clap::Args;

use run_records::results::RunSelector;

/// Flags and arguments of `wlx report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// Numbers of runs, or `last` for the newest; the runs of the newest session if there are none
    #[arg(value_name = "RUN|last", conflicts_with = "last")]
    pub runs: Vec<RunSelector>,
    /// The runs of the newest session
    #[arg(long)]
    pub last: bool,
    /// File to write
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
}
