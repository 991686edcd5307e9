//! Records: round trip, order, filters, the state of runs that did not end.

use tempfile::TempDir;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::record::Outcome;

use super::{failed_repeat, new_run, repeat};
use crate::store::{NewRun, RunFilter, RunId, Store, StoreError};

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

#[test]
fn a_run_comes_back_as_it_was_stored() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deep/er/results.sqlite");
    let mut store = Store::open(&path).unwrap();
    let run = store.begin_run(&new_run("sdk-rust")).unwrap();
    store.set_hello(run, &hello()).unwrap();
    store.add_repeat(run, &repeat(1)).unwrap();
    store.add_repeat(run, &failed_repeat(2)).unwrap();
    store.end_run(run, Outcome::Failed, Some("13 tasks failed")).unwrap();

    let record = Store::open_read_only(&path).unwrap().run(run).unwrap();
    let given = new_run("sdk-rust");
    assert_eq!((record.run, record.session.as_str()), (run.get(), "first"));
    assert_eq!((&record.workload, &record.workload_digest), (&given.workload, &given.workload_digest));
    assert_eq!((record.workload_bytes, record.workload_tasks), (65_536_000, 1000));
    assert_eq!((record.scale.as_str(), record.client.as_str()), ("1", "sdk-rust"));
    assert_eq!((record.settings, record.machine), (given.settings, given.machine));
    assert_eq!(record.hello, Some(hello()));
    assert_eq!(record.repeats, [repeat(1), failed_repeat(2)]);
    assert_eq!((record.outcome, record.reason.as_deref()), (Outcome::Failed, Some("13 tasks failed")));
    let started: jiff::Timestamp = record.started_at.parse().unwrap();
    let ended: jiff::Timestamp = record.ended_at.unwrap().parse().unwrap();
    assert!(started <= ended);
}

#[test]
fn runs_are_listed_newest_first_through_their_filters() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
    for (client, session) in [("a", "s1"), ("b", "s1"), ("a", "s2")] {
        let run = NewRun { session: session.to_owned(), ..new_run(client) };
        store.begin_run(&run).unwrap();
    }
    let numbers = |filter: RunFilter| -> Vec<i64> { store.runs(&filter).unwrap().iter().map(|run| run.run).collect() };
    let all = RunFilter::default;
    assert_eq!(numbers(all()), [3, 2, 1]);
    assert_eq!(numbers(RunFilter { limit: Some(2), ..all() }), [3, 2]);
    assert_eq!(numbers(RunFilter { clients: vec!["a".to_owned()], ..all() }), [3, 1]);
    assert_eq!(numbers(RunFilter { session: Some("s1".to_owned()), ..all() }), [2, 1]);
    assert_eq!(numbers(RunFilter { workloads: vec!["x' OR 1".to_owned()], ..all() }), Vec::<i64>::new());
    assert_eq!(store.last_run().unwrap(), RunId::new(3).ok());
    assert_eq!(store.last_session().unwrap().as_deref(), Some("s2"));
    assert_eq!(store.count().unwrap(), 3);
}

#[test]
fn a_run_that_goes_on_is_told_from_a_killed_one() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
    let run = store.begin_run(&new_run("a")).unwrap();
    let reason = |store: &Store| {
        let record = store.run(run).unwrap();
        assert_eq!(record.outcome, Outcome::Unfinished);
        record.reason
    };
    assert_eq!(reason(&store).as_deref(), Some("still running"));
    store.connection.execute("UPDATE run SET writer = json_set(writer, '$.startedTicks', 1)", []).unwrap();
    assert_eq!(reason(&store).as_deref(), Some("killed"));
}

#[test]
fn what_is_not_there_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("r.sqlite");
    assert!(matches!(Store::open_read_only(&path), Err(StoreError::Missing { path: missing }) if missing == path));
    assert!(!path.exists(), "looking must not make a file");
    let mut store = Store::open(&path).unwrap();
    let run = RunId::new(7).unwrap();
    assert!(matches!(store.run(run), Err(StoreError::NoSuchRun { run: missing, .. }) if missing == run));
    assert!(matches!(store.end_run(run, Outcome::Succeeded, None), Err(StoreError::NoSuchRun { .. })));
    assert!(matches!(store.add_repeat(run, &repeat(1)), Err(StoreError::Sqlite { .. })));
    assert_eq!(store.last_run().unwrap(), None);
}

#[test]
fn a_repeat_is_stored_once() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
    let run = store.begin_run(&new_run("a")).unwrap();
    store.add_repeat(run, &repeat(1)).unwrap();
    let error = store.add_repeat(run, &failed_repeat(1)).unwrap_err();
    assert!(error.to_string().contains("storing repeat 1 of run 1"), "{error}");
    assert_eq!(store.run(run).unwrap().repeats, [repeat(1)]);
}
