//! The command line of `wlx clean`.

use clap::Args;

use crate::prep::{PlanFormat, SelectionArgs};

/// Flags and arguments of `wlx clean`.
#[derive(Debug, Clone, Default, Args)]
pub struct CleanArgs {
    /// What to clean, and for which workloads
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Show what would be removed and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also undo what wlx did to the bucket: its lifecycle rules, its marker, and the bucket if wlx made it and nothing else is in it
    #[arg(long)]
    pub bucket_too: bool,
    /// How to show what is removed
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
}
