//! The commands and their raw values.

use clap::{Parser, Subcommand};

use crate::baseline::BaselineArgs;
use crate::calibrate::CalibrateArgs;
use crate::clean::CleanArgs;
use crate::clients::ClientsArgs;
use crate::compare::CompareArgs;
use crate::compat::CompatArgs;
use crate::conform::ConformArgs;
use crate::prep::PrepArgs;
use crate::report::ReportArgs;
use crate::results::ResultsArgs;
use crate::run::RunArgs;
use crate::serve::ServeArgs;
use crate::settings::CommonArgs;
use client_runner::RunnerArgs;

/// Prepares buckets, runs compiled workloads through S3 clients, and keeps and shows the results
///
/// With nothing configured, wlx starts and prepares an embedded S3 server of its own, and stops it
/// afterwards. Name a real store with --endpoint-url, --profile or --bucket.
#[derive(Debug, Parser)]
#[command(name = "wlx", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of all commands.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the bucket, its objects and the files that workloads need
    Prep(PrepArgs),
    /// Remove exactly what the plans of workloads name: objects, uploads and files
    Clean(CleanArgs),
    /// Run workloads and store every repeat
    Run(RunArgs),
    /// Let clients take turns on the same work and say whether they differ
    Compare(CompareArgs),
    /// Keep runs under a name, to compare later runs with them
    Baseline(BaselineArgs),
    /// List, show and export stored results
    Results(ResultsArgs),
    /// Write stored runs as one page: words, tables and pictures
    Report(ReportArgs),
    /// List and install the clients
    Clients(ClientsArgs),
    /// Show the one command by which a command-line client does a workload, or why it skips it
    Compat(CompatArgs),
    /// Show what clients really do: requests, parts and checksums, and how they differ
    Conform(ConformArgs),
    /// Measure the floor of the harness and of this machine
    Calibrate(CalibrateArgs),
    /// Run the embedded S3 server in the foreground
    Serve(ServeArgs),
    /// Show each setting and where it comes from
    Config,
    /// Run one client on one workload by the runner protocol
    Runner(RunnerArgs),
    /// End runners when the process that started them is gone
    #[command(hide = true)]
    Guard,
}
