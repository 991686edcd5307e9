//! `wlx baseline save|list|remove`.

use clap::{Args, Subcommand};
use workload_schema::baseline::{Baseline, VERSION};
use workload_schema::record::RunRecord;

use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use run_records::baseline::{BaselineError, Baselines};
use run_records::results::{Basis, RunSelector, Summary, select_runs};
use run_records::results_file::ResultsFile;
use wlx_terminal as terminal;
use wlx_terminal::{Column, Grid};

/// Flags of `wlx baseline`.
#[derive(Debug, Clone, Args)]
pub struct BaselineArgs {
    /// What to do with baselines.
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What to do with baselines.
#[derive(Debug, Clone, Subcommand)]
pub enum BaselineCommand {
    /// Keep runs under a name: those of the newest session, or those that are named
    Save {
        /// Name of the baseline
        name: String,
        /// Numbers of runs, or `last` for the newest
        #[arg(value_name = "RUN|last")]
        runs: Vec<RunSelector>,
        /// Replace a baseline of this name
        #[arg(long)]
        replace: bool,
    },
    /// List the baselines
    List,
    /// Remove a baseline
    Remove {
        /// Name of the baseline
        name: String,
    },
}

/// Does what `args` say.
pub fn run(args: &BaselineArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let baselines = Baselines::below(&settings.state_dir);
    match &args.command {
        BaselineCommand::Save { name, runs, replace } => save(&baselines, name, runs, *replace, settings)?,
        BaselineCommand::List => list(&baselines)?,
        BaselineCommand::Remove { name } => {
            baselines.remove(name)?;
            terminal::note(&format!("removed the baseline {name}"));
        }
    }
    Ok(Ending::Done.into())
}

fn save(
    baselines: &Baselines,
    name: &str,
    selectors: &[RunSelector],
    replace: bool,
    settings: &Settings,
) -> Result<(), CommandError> {
    let store = ResultsFile::open_read_only(&settings.db.value)?;
    let mut runs = select_runs(selectors, &store)?;
    let before = runs.len();
    runs.retain(|run| Summary::of(run).basis == Basis::Warm);
    runs.sort_by_key(|run| run.run);
    if runs.is_empty() {
        return Err(CommandError::NothingToKeep { runs: before });
    }
    if runs.len() < before {
        terminal::warning(&format!("{} runs without a good warm repeat are left out", before - runs.len()));
    }
    let baseline = Baseline {
        version: VERSION,
        name: name.to_owned(),
        saved_at: format!("{:.0}", jiff::Timestamp::now()),
        wlx_version: env!("CARGO_PKG_VERSION").to_owned(),
        runs,
    };
    let path = baselines.save(&baseline, replace)?;
    terminal::note(&format!("saved {} runs as the baseline {name}: {}", baseline.runs.len(), path.display()));
    Ok(())
}

fn list(baselines: &Baselines) -> Result<(), BaselineError> {
    let all = baselines.all()?;
    if all.is_empty() {
        terminal::data("no baselines");
        return Ok(());
    }
    let mut grid = Grid::new(&[
        Column::text("name", 0),
        Column::text("saved (UTC)", 2),
        Column::number("runs", 3),
        Column::text("workloads", 0),
        Column::text("clients", 1),
        Column::text("machine", 4),
    ]);
    for baseline in &all {
        grid.row(vec![
            baseline.name.clone(),
            baseline.saved_at.clone(),
            baseline.runs.len().to_string(),
            distinct(baseline, |run| run.workload.to_string()),
            distinct(baseline, |run| run.client.clone()),
            distinct(baseline, |run| run.machine.host.clone()),
        ]);
    }
    terminal::data(grid.render(terminal::width()).trim_end());
    Ok(())
}

fn distinct(baseline: &Baseline, of: fn(&RunRecord) -> String) -> String {
    let mut values: Vec<String> = Vec::new();
    for value in baseline.runs.iter().map(of) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.join(", ")
}
