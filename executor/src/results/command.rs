//! The command: reads stored runs and prints them.

use std::io::{self, Write};
use std::path::PathBuf;

use run_records::results::{
    Context, ExportFormat, Latencies, Level, ResultsError, list_table, reference, selected, show, write_records,
    write_rows, write_summaries,
};
use run_records::results_file::{ResultsFile, ResultsFileError, RunFilter};
use whole_file::WholeFile;
use workload_schema::record::RunRecord;

use crate::settings::Settings;
use wlx_terminal as terminal;

use super::arguments::{ExportArgs, FilterArgs, Format, ListArgs, ResultsArgs, ResultsCommand, ShowArgs};

/// Runs that `list` shows unless told otherwise.
const LISTED: u32 = 30;

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum ResultsCommandError {
    /// The results cannot be read or shown.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The file for the output cannot be written.
    #[error("cannot write the results to {path}", path = path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Parquet was to be printed on a terminal.
    #[error("a terminal cannot show Parquet")]
    ParquetOnTerminal,
}

impl From<ResultsFileError> for ResultsCommandError {
    fn from(error: ResultsFileError) -> Self {
        Self::Results(error.into())
    }
}

impl From<io::Error> for ResultsCommandError {
    fn from(error: io::Error) -> Self {
        Self::Results(error.into())
    }
}

impl ResultsCommandError {
    /// What a person can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Results(error) => error.hint(),
            Self::ParquetOnTerminal => Some("write it to a file with -o FILE, or into a pipe"),
            Self::Output { .. } => None,
        }
    }
}

/// What the columns of an export mean, if `arguments` ask for nothing else. No results are needed for it.
fn column_reference(arguments: &ResultsArgs, width: Option<usize>) -> Option<String> {
    match &arguments.command {
        ResultsCommand::Export(export) => export.columns.map(|format| reference(export.level, format, width)),
        ResultsCommand::List(_) | ResultsCommand::Show(_) => None,
    }
}

/// Does what `arguments` say with the stored results, on stdout.
pub fn run(arguments: &ResultsArgs, settings: &Settings) -> Result<(), ResultsCommandError> {
    if let Some(reference) = column_reference(arguments, terminal::width()) {
        terminal::data(reference.trim_end());
        return Ok(());
    }
    let store = ResultsFile::open_read_only(&settings.db.value)?;
    execute(arguments, &store, terminal::width(), &mut io::stdout().lock())
}

/// Does what `arguments` say with the results in `store`. Tables take at most `width` columns of a terminal.
///
/// A reader that has closed its end has seen enough: that is no error.
pub fn execute(
    arguments: &ResultsArgs,
    store: &ResultsFile,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), ResultsCommandError> {
    let done = match &arguments.command {
        ResultsCommand::List(list) => execute_list(list, store, width, out),
        ResultsCommand::Show(show) => execute_show(show, store, width, out),
        ResultsCommand::Export(export) => execute_export(export, store, width, out),
    };
    match done.and_then(|()| Ok(out.flush()?)) {
        Err(ResultsCommandError::Results(ResultsError::Write(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(())
        }
        done => done,
    }
}

fn execute_list(
    list: &ListArgs,
    store: &ResultsFile,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), ResultsCommandError> {
    let mut filter = filter(&list.filter, store)?;
    // Programs get all runs. People get what fits their screen, and a note about the rest.
    let cut = list.format == Format::Table && filter.limit.is_none() && !list.filter.last;
    if cut {
        filter.limit = Some(LISTED + 1);
    }
    let mut runs = store.runs(&filter)?;
    let more = cut && runs.len() > LISTED as usize;
    if more {
        runs.truncate(LISTED as usize);
    }
    match list.format {
        Format::Table if runs.is_empty() => writeln!(out, "no runs")?,
        Format::Table => out.write_all(list_table(&runs, width).as_bytes())?,
        Format::Json => write_summaries(&runs, out)?,
        Format::Csv => write_rows(&runs, store, Level::Repeat, ExportFormat::Csv, out)?,
    }
    if list.format == Format::Table && !runs.is_empty() {
        writeln!(out, "(all about one of them: wlx results show RUN)")?;
    }
    if more {
        writeln!(out, "(the newest {LISTED} runs; more with --limit N)")?;
    }
    Ok(())
}

fn execute_show(
    arguments: &ShowArgs,
    store: &ResultsFile,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), ResultsCommandError> {
    let runs = selected(&arguments.runs, store)?;
    match arguments.format {
        Format::Table => {
            let context = Context::of(store, &runs)?;
            let shown = |run| Ok(show(run, &Latencies::of_run(store, run)?, &context, width));
            let shown: Vec<String> = runs.iter().map(shown).collect::<Result<_, ResultsCommandError>>()?;
            out.write_all(shown.join("\n").as_bytes())?;
        }
        Format::Json => write_records(&runs, out)?,
        Format::Csv => write_rows(&runs, store, Level::Repeat, ExportFormat::Csv, out)?,
    }
    Ok(())
}

fn execute_export(
    arguments: &ExportArgs,
    store: &ResultsFile,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), ResultsCommandError> {
    // With a width, the output is a terminal.
    if arguments.format == ExportFormat::Parquet && arguments.output.is_none() && width.is_some() {
        return Err(ResultsCommandError::ParquetOnTerminal);
    }
    let runs = if arguments.runs.is_empty() {
        store.runs(&filter(&arguments.filter, store)?)?
    } else {
        selected(&arguments.runs, store)?
    };
    let Some(path) = &arguments.output else {
        return Ok(write_runs(&runs, store, arguments, out)?);
    };
    let failed = |source| ResultsCommandError::Output { path: path.clone(), source };
    let mut file = WholeFile::create(path).map_err(failed)?;
    write_runs(&runs, store, arguments, &mut file).map_err(|error| match error {
        ResultsError::Write(source) => failed(source),
        other => other.into(),
    })?;
    file.finish().map_err(failed)
}

fn write_runs(
    runs: &[RunRecord],
    store: &ResultsFile,
    arguments: &ExportArgs,
    out: &mut dyn Write,
) -> Result<(), ResultsError> {
    match (arguments.level, arguments.format) {
        // Whole records state what repeats share once, and include runs without a repeat.
        (Level::Repeat, ExportFormat::Json) => Ok(write_records(runs, out)?),
        (level, format) => write_rows(runs, store, level, format, out),
    }
}

fn filter(arguments: &FilterArgs, store: &ResultsFile) -> Result<RunFilter, ResultsCommandError> {
    Ok(arguments.resolve(store.last_session()?))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use tempfile::TempDir;
    use workload_schema::SessionId;
    use workload_schema::record::{Outcome, RunExport};

    use super::*;
    use run_records::fixtures::{failed, new_run, repeat};
    use run_records::results_file::{NewRun, Recording};

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        results: ResultsArgs,
    }

    fn new_run_in(session: &str, client: &str, ordinal: u32) -> NewRun {
        NewRun { key: SessionId::new(session).unwrap().run(ordinal), ..new_run(client, ordinal) }
    }

    /// Two sessions: `a` and `b` on one workload, then `a` again with a failure.
    fn store(folder: &TempDir) -> ResultsFile {
        let mut store = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
        for (client, session, ordinal) in [("a", "s1", 1), ("b", "s1", 2), ("a", "s2", 1)] {
            let id = store.begin_run(&new_run_in(session, client, ordinal)).unwrap();
            store.add_repeat(id, &repeat(1, 2.0), Recording::default()).unwrap();
            store.end_run(id, Outcome::Succeeded, None).unwrap();
            if session == "s2" {
                store.add_repeat(id, &failed(2, 1.0), Recording::default()).unwrap();
                store.end_run(id, Outcome::Failed, Some("13 tasks failed")).unwrap();
            }
        }
        store
    }

    fn output(store: &ResultsFile, line: &str) -> Result<String, ResultsCommandError> {
        let words = format!("results {line}");
        let arguments = Cli::try_parse_from(words.split_whitespace()).unwrap().results;
        let mut out = Vec::new();
        execute(&arguments, store, Some(100), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn numbers(json: &str) -> Vec<i64> {
        let export: RunExport = serde_json::from_str(json).unwrap();
        export.runs.iter().map(|run| run.run).collect()
    }

    #[test]
    fn runs_are_chosen_by_flags_or_numbers() {
        let folder = TempDir::new().unwrap();
        let store = store(&folder);
        for (line, expected) in [
            ("export", [3, 2, 1].as_slice()),
            ("export --client a", &[3, 1]),
            ("export --client a --limit 1", &[3]),
            ("export --last", &[3]),
            ("export 1 last", &[1, 3]),
            ("export --workload upload-5GiB", &[]),
            ("show 2 --format json", &[2]),
        ] {
            assert_eq!(numbers(&output(&store, line).unwrap()), expected, "{line}");
        }
        let csv = output(&store, "export --format csv").unwrap();
        assert_eq!(csv.lines().count(), 1 + 4);
    }

    #[test]
    fn every_level_is_exported_to_stdout_and_to_files() {
        let folder = TempDir::new().unwrap();
        let store = store(&folder);
        for (level, rows) in [("run", 3), ("repeat", 4), ("task", 0)] {
            let csv = output(&store, &format!("export --format csv --level {level}")).unwrap();
            assert_eq!(csv.lines().count(), 1 + rows, "{level}");
            let path = folder.path().join(level);
            for format in ["json", "csv", "parquet"] {
                let line = format!("export --level {level} --format {format} --output {}", path.display());
                assert_eq!(output(&store, &line).unwrap(), "");
                let written = std::fs::read(&path).unwrap();
                assert_eq!(written.starts_with(b"PAR1"), format == "parquet", "{line}");
            }
        }
        let error = output(&store, "export -o /no/such/folder/x.json").unwrap_err();
        assert!(matches!(&error, ResultsCommandError::Output { path, .. } if path.ends_with("x.json")), "{error}");
        let error = output(&store, "export --format parquet").unwrap_err();
        assert!(matches!(error, ResultsCommandError::ParquetOnTerminal) && error.hint().is_some());
    }

    #[test]
    fn columns_need_no_results() {
        let reference = |line: &str| {
            let words = format!("results {line}");
            column_reference(&Cli::try_parse_from(words.split_whitespace()).unwrap().results, None)
        };
        assert!(reference("export --columns").unwrap().starts_with("column "));
        assert!(reference("export --columns=markdown --level task").unwrap().contains("| `key` | text | "));
        assert_eq!((reference("export"), reference("list")), (None, None));
    }

    #[test]
    fn a_list_is_short_for_people_and_whole_for_programs() {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        for ordinal in 1..=LISTED {
            let id = store.begin_run(&new_run_in("s3", "null", ordinal)).unwrap();
            store.end_run(id, Outcome::Skipped, Some("no reason")).unwrap();
        }
        let table = output(&store, "list").unwrap();
        let rows = table.lines().filter(|line| line.contains("download-8MiB-128x")).count();
        assert_eq!(rows, LISTED as usize);
        assert!(table.ends_with("(the newest 30 runs; more with --limit N)\n"), "{table}");
        let json: serde_json::Value = serde_json::from_str(&output(&store, "list --format json").unwrap()).unwrap();
        assert_eq!(json["runs"].as_array().unwrap().len(), LISTED as usize + 3);
    }

    #[test]
    fn nothing_stored_is_said() {
        let folder = TempDir::new().unwrap();
        let store = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
        assert_eq!(output(&store, "list").unwrap(), "no runs\n");
        assert!(matches!(output(&store, "show last"), Err(ResultsCommandError::Results(ResultsError::NoRuns))));
        let missing = output(&store, "show 4").unwrap_err();
        assert!(missing.to_string().starts_with("there is no run 4 in "), "{missing}");
        assert!(missing.hint().is_some());
    }

    #[test]
    fn a_reader_that_left_is_no_error() {
        struct Gone(io::ErrorKind);
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let folder = TempDir::new().unwrap();
        let store = store(&folder);
        let arguments = Cli::parse_from(["results", "list"]).results;
        assert!(execute(&arguments, &store, None, &mut Gone(io::ErrorKind::BrokenPipe)).is_ok());
        let full = execute(&arguments, &store, None, &mut Gone(io::ErrorKind::StorageFull));
        assert!(matches!(full, Err(ResultsCommandError::Results(ResultsError::Write(_)))));
    }
}
