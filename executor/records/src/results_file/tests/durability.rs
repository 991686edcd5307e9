//! Several writers, a killed writer, a full disk: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::{env, io, thread};

use tempfile::TempDir;

use super::{failed_repeat, new_run, repeat};
use crate::results_file::{Recording, ResultsFile, ResultsFileError, RunFilter};

/// Set for the copy of this test program that writes until it is killed.
const WRITER: &str = "WLX_TEST_RESULTS_WRITER";

#[test]
fn every_acknowledged_repeat_survives_a_kill() {
    if let Some(path) = env::var_os(WRITER) {
        write_until_killed(Path::new(&path));
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    let mut writer = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "results_file::tests::durability::every_acknowledged_repeat_survives_a_kill"])
        .env(WRITER, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut acknowledged = lines.filter_map(|line| line.strip_prefix("stored ")?.parse::<u64>().ok());
    let mut last = acknowledged.by_ref().find(|number| *number >= 20).unwrap();
    writer.kill().unwrap();
    writer.wait().unwrap();
    // What it said before the signal reached it.
    last = acknowledged.last().unwrap_or(last);

    let results = ResultsFile::open(&path).unwrap();
    let runs = results.runs(&RunFilter::default()).unwrap();
    let stored: Vec<u64> = runs[0].repeats.iter().map(|repeat| repeat.repeat).collect();
    assert!(stored.len() as u64 >= last, "{} of {last} repeats", stored.len());
    assert!(stored.iter().copied().eq(1..=stored.len() as u64));
    assert_eq!(runs[0].repeats[19], failed_repeat(20));
    assert_eq!(runs[0].reason.as_deref(), Some("killed"));
}

fn write_until_killed(path: &Path) -> ! {
    let mut results = ResultsFile::open(path).unwrap();
    let run = results.begin_run(&new_run("a", 1)).unwrap();
    let mut number = 0;
    loop {
        number += 1;
        results.add_repeat(run, &failed_repeat(number), Recording::default()).unwrap();
        writeln!(io::stdout(), "\nstored {number}").unwrap();
    }
}

#[test]
fn writers_that_meet_at_a_new_file_all_get_through() {
    const WRITERS: u32 = 8;
    const REPEATS: u64 = 25;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    let start = Barrier::new(WRITERS as usize);
    thread::scope(|scope| {
        for writer in 1..=WRITERS {
            let (path, start) = (&path, &start);
            scope.spawn(move || {
                start.wait();
                let mut results = ResultsFile::open(path).unwrap();
                let run = results.begin_run(&new_run(&format!("client-{writer}"), writer)).unwrap();
                for number in 1..=REPEATS {
                    results.add_repeat(run, &repeat(number), Recording::default()).unwrap();
                    assert_eq!(results.run(run).unwrap().repeats.len() as u64, number);
                }
            });
        }
    });
    let runs = ResultsFile::open_read_only(&path).unwrap().runs(&RunFilter::default()).unwrap();
    assert_eq!(runs.len(), WRITERS as usize);
    assert!(runs.iter().all(|run| run.repeats.len() as u64 == REPEATS));
}

#[test]
fn a_full_disk_leaves_what_was_stored() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    let mut results = ResultsFile::open(&path).unwrap();
    let run = results.begin_run(&new_run("a", 1)).unwrap();
    // SQLite reports a file at its page limit with the very code that it has for a full disk.
    let pages: i64 = results.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    results.connection.pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(())).unwrap();
    let mut stored = 0;
    let error = loop {
        match results.add_repeat(run, &failed_repeat(stored + 1), Recording::default()) {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(&error, ResultsFileError::Full { path: full, .. } if *full == path), "{error:?}");
    assert!(error.to_string().contains(&format!("storing repeat {} of run 1", stored + 1)));
    assert!(stored > 0);
    assert_eq!(results.run(run).unwrap().repeats.len() as u64, stored);
    drop(results);
    assert_eq!(ResultsFile::open(&path).unwrap().run(run).unwrap().repeats.len() as u64, stored);
}
