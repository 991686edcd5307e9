//! The command line as it is written. Nothing is decided here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use workload_schema::ByteSize;

use crate::limits::{DEFAULT_MAX_COMBINATIONS, DEFAULT_MAX_TASKS};

/// Compiles workload sources (templated YAML, or JSON) to explicit workloads and prep plans.
#[derive(Debug, Parser)]
#[command(name = "wlc", version, max_term_width = 100)]
pub struct Cli {
    /// How results and problems are printed.
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub format: Format,
    /// Print problems only.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Who reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// People: excerpts and sentences.
    Human,
    /// Tools: one JSON value on stdout.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile sources; write only files whose content changes.
    Build(BuildArguments),
    /// Check sources and write nothing.
    Check(SourceArguments),
    /// Print the JSON Schema of a format.
    Schema(SchemaArguments),
    /// Show where a workload comes from and what it does.
    Explain(ExplainArguments),
    /// Print a reference that is generated from the code.
    #[command(hide = true)]
    Docs {
        /// The reference.
        #[arg(value_enum)]
        what: Reference,
    },
}

/// Which sources are read, and how much they may expand to.
#[derive(Debug, Args)]
pub struct SourceArguments {
    /// Source files or folders (default: workloads-src).
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Most combinations of all matrices together.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_COMBINATIONS)]
    pub max_combinations: u64,
    /// Most tasks of all workloads together.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TASKS)]
    pub max_tasks: u64,
    /// Most bytes of all compiled files together.
    #[arg(long, value_name = "SIZE", default_value = "1GiB")]
    pub max_output: ByteSize,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct BuildArguments {
    /// The sources.
    #[command(flatten)]
    pub sources: SourceArguments,
    /// Folder for the compiled files.
    #[arg(long, value_name = "DIR", default_value = "workloads")]
    pub out_dir: PathBuf,
    /// Write nothing, and exit with 1 if anything would change.
    #[arg(long)]
    pub check: bool,
    /// Remove compiled files that no source makes any more.
    #[arg(long)]
    pub prune: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The format.
    #[arg(value_enum)]
    pub name: SchemaName,
}

/// The formats that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// What people write.
    Source,
    /// Compiled workloads, `NAME.run.json`.
    Run,
    /// Prep plans, `NAME.prep.json`.
    Prep,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Name of the workload, or an older spelling without a count.
    pub name: String,
    /// The sources.
    #[command(flatten)]
    pub sources: SourceArguments,
}

/// The references in docs/.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reference {
    /// The source language.
    Language,
    /// The diagnostics.
    Diagnostics,
}
