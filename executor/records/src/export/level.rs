//! What a row is: a run, a repeat or a task.

use std::io;

use clap::ValueEnum;
use workload_schema::record::{RepeatRecord, RunRecord};

use super::field::{Field, Row};
use super::repeat_columns::RepeatRow;
use super::task_columns::TaskRow;
use super::{repeat_columns, run_columns, task_columns};
use crate::error::ResultsError;
use crate::figures::Works;
use crate::results_file::{ResultsFile, RunId};

/// What a row of an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// A run, with statistics over its good warm repeats
    Run,
    /// A repeat, with all that is known of its run
    #[default]
    Repeat,
    /// A task of a repeat
    Task,
}

impl Level {
    /// The word for it on the command line.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Repeat => "repeat",
            Self::Task => "task",
        }
    }

    /// The columns, in order.
    pub(crate) fn fields(self) -> Vec<Field> {
        match self {
            Self::Run => run_columns::fields(),
            Self::Repeat => repeat_columns::fields(),
            Self::Task => task_columns::fields(),
        }
    }

    /// Hands every row of `runs` to `take`, one at a time.
    pub(crate) fn each_row(
        self,
        runs: &[RunRecord],
        results: &ResultsFile,
        take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
    ) -> Result<(), ResultsError> {
        match self {
            Self::Run => {
                let works = Works::of(runs, results)?;
                runs.iter().try_for_each(|run| take(&run_columns::row(run, works.get(run))))?;
            }
            Self::Repeat => each_repeat_row(runs, &Works::of(runs, results)?, take)?,
            Self::Task => each_task_row(runs, results, take)?,
        }
        Ok(())
    }
}

/// Hands the row of every repeat of `runs`, which did `works`, to `take`.
pub(crate) fn each_repeat_row(
    runs: &[RunRecord],
    works: &Works,
    take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
) -> io::Result<()> {
    for run in runs {
        let work = works.get(run);
        for repeat in &run.repeats {
            take(&repeat_columns::row(&RepeatRow { run, repeat, work }))?;
        }
    }
    Ok(())
}

fn each_task_row(
    runs: &[RunRecord],
    results: &ResultsFile,
    take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
) -> Result<(), ResultsError> {
    for run in runs {
        for repeat in &run.repeats {
            each_task_of(run, repeat, results, take)?;
        }
    }
    Ok(())
}

fn each_task_of(
    run: &RunRecord,
    repeat: &RepeatRecord,
    results: &ResultsFile,
    take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
) -> Result<(), ResultsError> {
    let Ok(id) = RunId::new(run.run) else { return Ok(()) };
    let mut written = Ok(());
    results.each_task(id, repeat.repeat, |task| {
        if written.is_ok() {
            let row: Vec<_> = task_columns::row(&TaskRow { run, repeat, task: &task }).collect();
            written = take(&row);
        }
    })?;
    Ok(written?)
}
