//! Results files written by the release before: they still open, show the same figures, and export the same rows.
//!
//! `data/format-3` holds a results file that wlx 0.1.0 wrote (format 3: uploads and downloads by two clients, and a run that
//! failed), and what that wlx showed and exported of it. Later releases may add columns and fields. They may not change or
//! lose one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use run_records::export::{ExportFormat, Level, write_records, write_rows, write_summaries};
use run_records::figures::Latencies;
use run_records::results_file::{ResultsFile, RunFilter};
use run_records::tables::{Context, show};
use serde_json::Value;
use tempfile::TempDir;
use workload_schema::record::RunRecord;

/// A file that the older release wrote or printed.
fn older(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-3").join(name)
}

fn older_text(name: &str) -> String {
    fs::read_to_string(older(name)).unwrap()
}

/// A copy of the older release's results file.
fn copy(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("results.sqlite");
    fs::copy(older("results.sqlite"), &path).unwrap();
    path
}

fn open(folder: &TempDir) -> (ResultsFile, Vec<RunRecord>) {
    let results = ResultsFile::open(&copy(folder)).unwrap();
    let runs = results.runs(&RunFilter::default()).unwrap();
    (results, runs)
}

fn printed(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// Asserts that all of `old` is in `new`, which may say more.
fn assert_kept(old: &Value, new: &Value, place: &str) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old {
                assert_kept(value, new.get(name).unwrap_or(&Value::Null), &format!("{place}.{name}"));
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            assert_eq!(old.len(), new.len(), "{place}");
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                assert_kept(old, new, &format!("{place}[{index}]"));
            }
        }
        _ => assert_eq!(old, new, "{place}"),
    }
}

fn assert_json_kept(old: &str, new: &str) {
    let [old, new]: [Value; 2] = [old, new].map(|text| serde_json::from_str(text).unwrap());
    assert!(old.as_object().is_some_and(|document| document.len() > 1), "the older document says something");
    assert_kept(&old, &new, "");
}

/// The rows of a CSV file, each with its cells by column.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn it_opens_for_writing_and_for_reading() {
    for open in [ResultsFile::open_read_only, ResultsFile::open] {
        let folder = TempDir::new().unwrap();
        let runs = open(&copy(&folder)).unwrap().runs(&RunFilter::default()).unwrap();
        let numbers: Vec<i64> = runs.iter().map(|run| run.run).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1]);
    }
}

#[test]
fn its_runs_have_neither_identity_nor_wall_time() {
    let (_, runs) = open(&TempDir::new().unwrap());
    assert!(runs.iter().all(|run| run.key().is_none() && !run.session.is_empty()));
    assert!(runs.iter().flat_map(|run| &run.repeats).all(|repeat| repeat.started_at.is_none()));
}

#[test]
fn its_rows_are_exported_as_before() {
    let folder = TempDir::new().unwrap();
    let (results, runs) = open(&folder);
    for (level, name, count) in [(Level::Run, "run", 5), (Level::Repeat, "repeat", 29), (Level::Task, "task", 113)] {
        let csv = |out: &mut Vec<u8>| write_rows(&runs, &results, level, ExportFormat::Csv, out).unwrap();
        let (old, new) = (rows(&older_text(&format!("{name}.csv"))), rows(&printed(csv)));
        assert_eq!((old.len(), new.len()), (count, count), "{name}");
        for (old, new) in old.iter().zip(&new) {
            for (column, cell) in old {
                assert_eq!(new.get(column), Some(cell), "{name}: {column}");
            }
        }
    }
    for (level, name) in [(Level::Run, "run"), (Level::Task, "task")] {
        let json = |out: &mut Vec<u8>| write_rows(&runs, &results, level, ExportFormat::Json, out).unwrap();
        assert_json_kept(&older_text(&format!("{name}.json")), &printed(json));
    }
}

#[test]
fn its_records_are_exported_as_before() {
    let folder = TempDir::new().unwrap();
    let (_, runs) = open(&folder);
    let [old, new]: [Value; 2] = [older_text("repeat.json"), printed(|out| write_records(&runs, out).unwrap())]
        .map(|text| serde_json::from_str(&text).unwrap());
    assert_eq!(old, new, "not even a field is added to what the older release stored");
}

#[test]
fn its_figures_are_the_same() {
    let folder = TempDir::new().unwrap();
    let (results, runs) = open(&folder);
    assert_json_kept(&older_text("summaries.json"), &printed(|out| write_summaries(&runs, out).unwrap()));
    let context = Context::of(&results, &runs).unwrap();
    for run in &runs {
        let shown = show(run, &Latencies::of_run(&results, run).unwrap(), &context, None);
        let (old, new) = (table_rows(&older_text(&format!("show-{}.txt", run.run))), table_rows(&shown));
        assert!(old.len() > 1, "run {} has tables", run.run);
        assert_eq!(old, new, "run {}", run.run);
    }
}

/// The rows of all tables in `text`: what stands between a line of dashes and the end of the table. The words around the
/// tables are free to change.
fn table_rows(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut rows = Vec::new();
    for line in text.lines() {
        if !line.is_empty() && line.chars().all(|c| c == '-') {
            inside = true;
        } else if line.is_empty() || line.starts_with("cores are") {
            inside = false;
        } else if inside {
            rows.push(line.to_owned());
        }
    }
    rows
}
