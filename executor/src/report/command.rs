//! The command: selects runs, renders them, and writes the page.

use std::path::Path;

use workload_schema::ByteSize;
use workload_schema::record::RunRecord;

use super::ReportArgs;
use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use run_records::report::{ReportError, render};
use run_records::results::select_runs;
use run_records::results_file::ResultsFile;
use wlx_terminal as terminal;

/// Writes the report that `arguments` ask for, and says where it is.
pub fn run(arguments: &ReportArgs, settings: &Settings) -> Result<Ended, CommandError> {
    terminal::data(&write(arguments, &settings.db.value)?);
    Ok(Ending::Done.into())
}

fn write(arguments: &ReportArgs, results: &Path) -> Result<String, ReportError> {
    let store = ResultsFile::open_read_only(results)?;
    let runs = chosen(arguments, &store)?;
    let html = render(&store, &runs)?;
    let path = &arguments.output;
    whole_file::write(path, html.as_bytes()).map_err(|source| ReportError::Write { path: path.clone(), source })?;
    let plural = if runs.len() == 1 { "" } else { "s" };
    Ok(format!("{} ({} run{plural}, {})", path.display(), runs.len(), ByteSize(html.len() as u64)))
}

/// The runs in the order in which they were made, each once.
pub(super) fn chosen(arguments: &ReportArgs, store: &ResultsFile) -> Result<Vec<RunRecord>, ReportError> {
    let mut runs = select_runs(&arguments.runs, store)?;
    runs.sort_by_key(|run| run.run);
    runs.dedup_by_key(|run| run.run);
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use run_records::results::ResultsError;

    #[test]
    fn nothing_stored_is_an_error_with_a_hint() {
        let folder = TempDir::new().unwrap();
        let results = folder.path().join("results.sqlite");
        let arguments = ReportArgs { runs: Vec::new(), last: false, output: folder.path().join("report.html") };
        assert!(write(&arguments, &results).is_err_and(|error| error.hint().is_some()));
        ResultsFile::open(&results).unwrap();
        let error = write(&arguments, &results).unwrap_err();
        assert!(matches!(error, ReportError::Results(ResultsError::NoRuns)) && error.hint().is_some(), "{error}");
        assert!(!arguments.output.exists());
    }
}
