//! Files of other formats: earlier, later, damaged, somebody else's.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{new_run, repeat};
use crate::results_file::migrate::{STEPS, migrate};
use crate::results_file::{Recording, ResultsFile, ResultsFileError, RunFilter};

/// A file with a few runs, closed.
fn filled(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("r.sqlite");
    let mut results = ResultsFile::open(&path).unwrap();
    for ordinal in 1..=3 {
        let run = results.begin_run(&new_run("a", ordinal)).unwrap();
        for number in 1..=20 {
            results.add_repeat(run, &repeat(number), Recording::default()).unwrap();
        }
    }
    path
}

fn user_version(path: &Path) -> i64 {
    let connection = Connection::open(path).unwrap();
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// The version of a file of the current format.
fn steps_now() -> i64 {
    STEPS.len().try_into().unwrap()
}

#[test]
fn an_empty_file_is_taken_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    fs::write(&path, b"").unwrap();
    let results = ResultsFile::open_read_only(&path).unwrap();
    assert_eq!(results.runs(&RunFilter::default()).unwrap(), []);
    assert_eq!(user_version(&path), steps_now());
}

#[test]
fn a_later_step_keeps_the_runs_and_is_taken_once() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder);
    let mut steps = STEPS.to_vec();
    steps.push("ALTER TABLE repeat ADD COLUMN context_switches INTEGER");
    let mut connection = Connection::open(&path).unwrap();
    migrate(&mut connection, &path, &steps).unwrap();
    migrate(&mut connection, &path, &steps).unwrap();
    let kept: i64 = connection
        .query_row("SELECT count(*) FROM repeat WHERE context_switches IS NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!((kept, user_version(&path)), (60, steps_now() + 1));
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder);
    let mut steps = STEPS.to_vec();
    steps.push("CREATE TABLE half (a INTEGER); ALTER TABLE nothing ADD COLUMN b");
    let mut connection = Connection::open(&path).unwrap();
    let error = migrate(&mut connection, &path, &steps).unwrap_err();
    assert!(matches!(error, ResultsFileError::Sqlite { .. }), "{error:?}");
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0)).unwrap();
    assert_eq!((tables, user_version(&path)), (0, steps_now()));
}

#[test]
fn a_later_format_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    for opened in [ResultsFile::open(&path), ResultsFile::open_read_only(&path)] {
        let error = opened.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the results file {} has format 99, and this wlx reads formats up to {}",
                path.display(),
                STEPS.len()
            )
        );
        assert!(error.hint().is_some());
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database, but long enough for a header of one\n".repeat(100)).unwrap();
    let database = folder.path().join("other.sqlite");
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE run (a INTEGER)").unwrap();
    for path in [text, database] {
        let before = fs::read(&path).unwrap();
        for opened in [ResultsFile::open(&path), ResultsFile::open_read_only(&path)] {
            let error = opened.unwrap_err();
            assert_eq!(error.to_string(), format!("{} is not a results file of wlx", path.display()));
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_damaged_file_is_an_error_that_says_so() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder);
    let mut bytes = fs::read(&path).unwrap();
    // The first page, with the format, is whole; all the tables behind it are gone.
    bytes[4096..].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let results = ResultsFile::open(&path).unwrap();
    let error = results.runs(&RunFilter::default()).unwrap_err();
    assert!(matches!(error, ResultsFileError::Damaged { .. }), "{error:?}");
    assert!(error.hint().unwrap().contains(".recover"));
}

#[test]
fn a_value_that_cannot_be_read_counts_as_damage() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder);
    let results = ResultsFile::open(&path).unwrap();
    results.connection.execute("UPDATE run SET machine = '{' WHERE id = 2", []).unwrap();
    let error = results.runs(&RunFilter::default()).unwrap_err();
    assert!(matches!(error, ResultsFileError::Damaged { .. }), "{error:?}");
    assert!(error.source().is_some());
    assert_eq!(results.run(crate::results_file::RunId::new(1).unwrap()).unwrap().repeats.len(), 20);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = ResultsFile::open(&folder.path().join("file/results.sqlite")).unwrap_err();
    assert!(matches!(error, ResultsFileError::Folder { .. }), "{error:?}");
}
