//! The flags of `wlx results`, as they were typed.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use workload_schema::WorkloadName;
use workload_schema::naming::modern_spelling;

use run_records::results::{ExportFormat, Level, ReferenceFormat, RunSelector};
use run_records::results_file::RunFilter;

/// Shows and exports what was stored.
#[derive(Debug, Clone, Args)]
pub struct ResultsArgs {
    /// What to do with the results.
    #[command(subcommand)]
    pub command: ResultsCommand,
}

/// What to do with the results.
#[derive(Debug, Clone, Subcommand)]
pub enum ResultsCommand {
    /// List runs with their summaries, newest first
    List(ListArgs),
    /// Show where a run comes from, and each of its repeats
    Show(ShowArgs),
    /// Print runs with every repeat, for other programs
    Export(ExportArgs),
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// JSON, with a format version
    Json,
    /// Comma-separated values, one row per repeat
    Csv,
}

/// Which runs.
#[derive(Debug, Clone, Default, Args)]
pub struct FilterArgs {
    /// Only runs of these workloads
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub workload: Vec<WorkloadArg>,
    /// Only runs of these clients
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub client: Vec<String>,
    /// Only the runs of the newest `wlx run`
    #[arg(long)]
    pub last: bool,
    /// At most this many runs, the newest
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

/// Flags of `wlx results list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Which runs.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Flags of `wlx results show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Numbers of runs, or `last` for the newest
    #[arg(required = true, value_name = "RUN|last")]
    pub runs: Vec<RunSelector>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Flags of `wlx results export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// Numbers of runs, or `last`; if there are none, all runs that match the flags
    #[arg(value_name = "RUN|last", conflicts_with_all = ["workload", "client", "last", "limit"])]
    pub runs: Vec<RunSelector>,
    /// Which runs.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// How to export
    #[arg(long, value_enum, default_value_t = ExportFormat::Json)]
    pub format: ExportFormat,
    /// What a row is; JSON at level `repeat` has whole runs, with their repeats and machines
    #[arg(long, value_enum, default_value_t = Level::Repeat)]
    pub level: Level,
    /// Write to this file, all or nothing, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print what each column of the level means, and nothing else
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "table")]
    pub columns: Option<ReferenceFormat>,
}

/// Parses the name of a workload in any spelling, and returns the current one, which is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadArg(WorkloadName);

impl FromStr for WorkloadArg {
    type Err = workload_schema::name::WorkloadNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = WorkloadName::new(text)?;
        Ok(Self(modern_spelling(&name).unwrap_or(name)))
    }
}

impl FilterArgs {
    /// The filter for the results file; `--last` selects `newest_session`.
    pub(super) fn resolve(&self, newest_session: Option<String>) -> RunFilter {
        RunFilter {
            workloads: self.workload.iter().map(|name| name.0.to_string()).collect(),
            clients: self.client.clone(),
            session: if self.last { newest_session } else { None },
            limit: self.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use run_records::results_file::RunId;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        results: ResultsArgs,
    }

    fn parse(line: &str) -> Result<ResultsCommand, clap::Error> {
        Cli::try_parse_from(line.split_whitespace()).map(|cli| cli.results.command)
    }

    #[test]
    fn older_workload_names_find_the_runs_of_the_modern_ones() {
        let Ok(ResultsCommand::List(list)) = parse("results list --workload upload-5GiB,x --client a,b --limit 3")
        else {
            panic!("a list");
        };
        let filter = list.filter.resolve(Some("s".to_owned()));
        assert_eq!(filter.workloads, ["upload-5GiB-1x", "x"]);
        assert_eq!((filter.clients.len(), filter.limit, filter.session), (2, Some(3), None));
    }

    #[test]
    fn a_run_is_a_number_or_last() {
        let Ok(ResultsCommand::Show(show)) = parse("results show last 12") else {
            panic!("a show");
        };
        assert_eq!(show.runs, [RunSelector::Last, RunSelector::Run(RunId::new(12).unwrap())]);
        for wrong in ["results show", "results show 0", "results show x", "results export 1 --last"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
