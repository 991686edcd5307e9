//! From the runs that were asked for to the file.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use workload_schema::ByteSize;
use workload_schema::record::RunRecord;

use super::ReportArgs;
use crate::settings::Settings;
use run_records::report::{ReportError, render};
use run_records::results::select_runs;
use run_records::results_file::ResultsFile;
use wlx_terminal as terminal;

/// Who may read the page: whoever may read other files of this user.
const MODE: u32 = 0o644;

/// Writes the report that `arguments` ask for, and says where it is.
pub fn run(arguments: &ReportArgs, settings: &Settings) -> anyhow::Result<()> {
    match write(arguments, &settings.db.value) {
        Ok(line) => {
            terminal::data(&line);
            Ok(())
        }
        Err(error) => {
            let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            Err(anyhow::anyhow!("{:#}{hint}", anyhow::Error::from(error)))
        }
    }
}

fn write(arguments: &ReportArgs, results: &Path) -> Result<String, ReportError> {
    let store = ResultsFile::open_read_only(results)?;
    let runs = chosen(arguments, &store)?;
    let html = render(&store, &runs)?;
    let path = &arguments.output;
    write_whole(path, &html).map_err(|source| ReportError::Write { path: path.clone(), source })?;
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

/// Writes the file beside its place first, so that nobody finds half a page.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file =
        tempfile::Builder::new().prefix(".report-").permissions(Permissions::from_mode(MODE)).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use run_records::results::ResultsError;

    #[test]
    fn a_page_is_written_whole_or_not_at_all() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("report.html");
        write_whole(&path, "first").unwrap();
        write_whole(&path, "second").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, MODE);
        assert!(write_whole(&folder.path().join("absent/report.html"), "").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
    }

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
