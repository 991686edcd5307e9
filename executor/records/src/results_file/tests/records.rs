//! Records: round trip, order, filters, the state of runs that did not end.

use serde_json::json;
use tempfile::TempDir;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello, Progress, TaskEvent};
use workload_schema::record::{Outcome, RepeatRecord, TaskRecord};
use workload_schema::{ClockError, ErrorKind, ObjectKey, Operation, Task, WallTime, Workload};

use super::{failed_repeat, new_run, repeat};
use crate::results_file::{
    FindingKind, NewFinding, NewRun, Recording, ResultsFile, ResultsFileError, RunFilter, RunId,
};

fn hello() -> Hello {
    Hello {
        protocol_version: 1,
        client: "sdk-rust".to_owned(),
        client_version: "1.157.0".to_owned(),
        tasks_in_flight: Some(64),
        connections: Some(128),
        part_size_bytes: Some(8 << 20),
        checksum_placement: Some(ChecksumPlacement::Trailer),
        buffer_residency: Some(BufferResidency::Part),
        process_start_timed: false,
        verifies_content: false,
    }
}

fn started(number: u64, clock: Option<ClockError>) -> RepeatRecord {
    RepeatRecord { started_at: Some(WallTime { unix_ns: 1_795_000_000_123_456_789, clock }), ..repeat(number) }
}

#[test]
fn a_run_comes_back_as_it_was_stored() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deep/er/results.sqlite");
    let mut results = ResultsFile::open(&path).unwrap();
    let run = results.begin_run(&new_run("sdk-rust", 1)).unwrap();
    results.set_hello(run, &hello()).unwrap();
    results.add_repeat(run, &repeat(1), Recording::default()).unwrap();
    results.add_repeat(run, &failed_repeat(2), Recording::default()).unwrap();
    for (number, clock) in [(3, Some(ClockError { offset_ns: -250, bound_ns: 1200 })), (4, None)] {
        results.add_repeat(run, &started(number, clock), Recording::default()).unwrap();
    }
    results.end_run(run, Outcome::Failed, Some("13 tasks failed")).unwrap();

    let record = ResultsFile::open_read_only(&path).unwrap().run(run).unwrap();
    let given = new_run("sdk-rust", 1);
    assert_eq!((record.run, record.key().map(String::from).as_deref()), (run.get(), Some("first/1")));
    assert_eq!((record.workload_bytes_sent, record.workload_bytes_received), (Some(0), Some(65_536_000)));
    assert_eq!((&record.workload, &record.workload_digest), (&given.workload, &given.workload_digest));
    assert_eq!((record.workload_bytes, record.workload_tasks), (65_536_000, 1000));
    assert_eq!((record.scale.as_str(), record.client.as_str()), ("1", "sdk-rust"));
    assert_eq!((record.conditions, record.machine), (given.conditions, given.machine));
    assert_eq!(record.hello, Some(hello()));
    let timed = [started(3, Some(ClockError { offset_ns: -250, bound_ns: 1200 })), started(4, None)];
    assert_eq!(record.repeats[..2], [repeat(1), failed_repeat(2)]);
    assert_eq!(record.repeats[2..], timed);
    assert_eq!((record.outcome, record.reason.as_deref()), (Outcome::Failed, Some("13 tasks failed")));
    let started: jiff::Timestamp = record.started_at.parse().unwrap();
    let ended: jiff::Timestamp = record.ended_at.unwrap().parse().unwrap();
    assert!(started <= ended);
}

#[test]
fn runs_are_listed_newest_first_through_their_filters() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    for (client, key) in [("a", "s1/1"), ("b", "s1/2"), ("a", "s2/1")] {
        let run = NewRun { key: key.parse().unwrap(), ..new_run(client, 1) };
        results.begin_run(&run).unwrap();
    }
    let numbers =
        |filter: RunFilter| -> Vec<i64> { results.runs(&filter).unwrap().iter().map(|run| run.run).collect() };
    let all = RunFilter::default;
    assert_eq!(numbers(all()), [3, 2, 1]);
    assert_eq!(numbers(RunFilter { limit: Some(2), ..all() }), [3, 2]);
    assert_eq!(numbers(RunFilter { clients: vec!["a".to_owned()], ..all() }), [3, 1]);
    assert_eq!(numbers(RunFilter { session: Some("s1".to_owned()), ..all() }), [2, 1]);
    assert_eq!(numbers(RunFilter { workloads: vec!["x' OR 1".to_owned()], ..all() }), Vec::<i64>::new());
    assert_eq!(results.last_run().unwrap(), RunId::new(3).ok());
    assert_eq!(results.last_session().unwrap().as_deref(), Some("s2"));
    assert_eq!(results.count().unwrap(), 3);
}

#[test]
fn a_run_of_a_session_is_stored_once() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    results.begin_run(&new_run("a", 1)).unwrap();
    let error = results.begin_run(&new_run("b", 1)).unwrap_err();
    assert!(error.to_string().contains("storing the start of a run"), "{error}");
    results.begin_run(&new_run("b", 2)).unwrap();
    results.begin_run(&NewRun { key: "second/1".parse().unwrap(), ..new_run("b", 1) }).unwrap();
    assert_eq!(results.count().unwrap(), 3);
}

#[test]
fn a_run_that_goes_on_is_told_from_a_killed_one() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    let run = results.begin_run(&new_run("a", 1)).unwrap();
    let reason = |results: &ResultsFile| {
        let record = results.run(run).unwrap();
        assert_eq!(record.outcome, Outcome::Unfinished);
        record.reason
    };
    assert_eq!(reason(&results).as_deref(), Some("still running"));
    results.connection.execute("UPDATE run SET writer = json_set(writer, '$.startedTicks', 1)", []).unwrap();
    assert_eq!(reason(&results).as_deref(), Some("killed"));
}

#[test]
fn what_is_not_there_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    assert!(
        matches!(ResultsFile::open_read_only(&path), Err(ResultsFileError::Missing { path: missing }) if missing == path)
    );
    assert!(!path.exists(), "looking must not make a file");
    let mut results = ResultsFile::open(&path).unwrap();
    let run = RunId::new(7).unwrap();
    assert!(matches!(results.run(run), Err(ResultsFileError::NoSuchRun { run: missing, .. }) if missing == run));
    assert!(matches!(results.end_run(run, Outcome::Succeeded, None), Err(ResultsFileError::NoSuchRun { .. })));
    assert!(matches!(results.add_repeat(run, &repeat(1), Recording::default()), Err(ResultsFileError::Sqlite { .. })));
    assert_eq!(results.last_run().unwrap(), None);
}

#[test]
fn a_repeat_is_stored_once() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    let run = results.begin_run(&new_run("a", 1)).unwrap();
    results.add_repeat(run, &repeat(1), Recording::default()).unwrap();
    let error = results.add_repeat(run, &failed_repeat(1), Recording::default()).unwrap_err();
    assert!(error.to_string().contains("storing repeat 1 of run 1"), "{error}");
    assert_eq!(results.run(run).unwrap().repeats, [repeat(1)]);
}

#[test]
fn recorded_tasks_come_back_with_their_keys() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    let key = |n: u64| ObjectKey::new(format!("download/64KiB-20_000x/{n:05}")).unwrap();
    let tasks = (0..20_000).map(|n| Task { operation: Operation::Download, key: key(n), size: 65_536 });
    let workload = Workload::of_tasks(tasks).unwrap();
    let given = new_run("sdk-rust", 1);
    let run = results.begin_run(&given).unwrap();
    let mut recording = Recording::default();
    // Backwards, as nothing says that they come in order.
    for task in (0..20_000).rev() {
        recording.add_task(TaskEvent {
            repeat: 1,
            task,
            intended_start_ns: (task != 8).then_some(task * 24_000),
            start_ns: task * 25_000,
            end_ns: task * 25_000 + 900_000,
            first_byte_ns: Some(task * 25_000 + 400_000),
            bytes: 65_536,
            requests: None,
            error: (task == 7).then_some(ErrorKind::Throttled),
        });
    }
    for elapsed in [10, 5, 20] {
        let progress =
            Progress { repeat: 1, elapsed_ns: Some(elapsed), bytes: 2, tasks: 1, in_flight: Some(3), latency: None };
        recording.add_progress(&progress);
    }
    assert_eq!(recording.tasks(), 20_000);
    results.keep_workload(&given.workload_digest, &workload).unwrap();
    results.keep_workload(&given.workload_digest, &workload).unwrap();
    results.add_repeat(run, &repeat(1), recording).unwrap();
    results.add_repeat(run, &repeat(2), Recording::default()).unwrap();

    let read = results.tasks(run, 1).unwrap();
    assert_eq!(read.len(), 20_000);
    let of_seven = TaskRecord {
        task: 7,
        operation: Operation::Download,
        key: key(7),
        size_bytes: 65_536,
        intended_start_ns: Some(168_000),
        start_ns: 175_000,
        end_ns: 1_075_000,
        first_byte_ns: Some(575_000),
        bytes: 65_536,
        requests: None,
        error: Some(ErrorKind::Throttled),
    };
    assert_eq!(read[7], of_seven);
    assert_eq!(read[8].intended_start_ns, None);
    assert!(read.windows(2).all(|pair| pair[0].start_ns < pair[1].start_ns));
    let elapsed: Vec<u64> = results.series(run, 1).unwrap().iter().map(|point| point.elapsed_ns).collect();
    assert_eq!(elapsed, [10, 20]);
    assert_eq!((results.tasks(run, 2).unwrap(), results.series(run, 2).unwrap()), (vec![], vec![]));
    assert!(matches!(results.tasks(RunId::new(9).unwrap(), 1), Err(ResultsFileError::NoSuchRun { .. })));
}

#[test]
fn tasks_without_their_workload_are_an_error() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    let run = results.begin_run(&new_run("sdk-rust", 1)).unwrap();
    let mut recording = Recording::default();
    recording.add_task(TaskEvent {
        repeat: 1,
        task: 0,
        intended_start_ns: None,
        start_ns: 0,
        end_ns: 1,
        first_byte_ns: None,
        bytes: 1,
        requests: None,
        error: None,
    });
    results.add_repeat(run, &repeat(1), recording).unwrap();
    let error = results.tasks(run, 1).unwrap_err();
    assert!(format!("{:#}", anyhow::Error::from(error)).contains("no such task"));
}

#[test]
fn findings_are_kept_newest_first_and_those_of_others_passed_over() {
    let folder = TempDir::new().unwrap();
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    for (kind, body) in [
        (FindingKind::Calibration, json!(1)),
        (FindingKind::Conformance, json!(2)),
        (FindingKind::Calibration, json!("of a later release")),
        (FindingKind::Calibration, json!(3)),
    ] {
        let finding =
            NewFinding { kind, session: "s", client: Some("sdk-rust"), client_version: Some("1"), body: &body };
        results.add_finding(&finding).unwrap();
    }
    let found: Vec<u64> =
        results.findings(FindingKind::Calibration).unwrap().into_iter().map(|finding| finding.body).collect();
    assert_eq!(found, [3, 1]);
}
