//! A store with two clients on one workload, their tasks and their series.

use tempfile::TempDir;
use workload_schema::event::{Progress, TaskEvent};
use workload_schema::record::{Outcome, RepeatRecord, RunRecord};
use workload_schema::{Action, ObjectKey, Scale, Task};

use crate::results::samples::{repeat, run};
use crate::results_file::{NewRun, Recording, ResultsFile, RunFilter};

/// Tasks of a repeat.
const TASKS: u64 = 200;
const TASK_BYTES: u64 = 5 << 20;
/// Tasks in flight.
const IN_FLIGHT: u64 = 16;

/// Ten repeats of `quick`, ten of `slow`; the folder is the store's.
pub(in crate::report) fn recorded_store() -> (TempDir, ResultsFile, Vec<RunRecord>) {
    let folder = TempDir::new().unwrap();
    let mut store = ResultsFile::open(&folder.path().join("results.sqlite")).unwrap();
    for (client, seconds) in [("quick", 1.0), ("slow", 2.1)] {
        add_run(&mut store, &new_run(client), &(1..=10).map(|n| repeat_of(n, seconds)).collect::<Vec<_>>());
    }
    let mut runs = store.runs(&RunFilter::default()).unwrap();
    runs.sort_by_key(|run| run.run);
    (folder, store, runs)
}

/// What is known of a run of `client` when it begins.
pub(super) fn new_run(client: &str) -> NewRun {
    let sample = run(1);
    NewRun {
        session: sample.session,
        workload: sample.workload,
        workload_digest: sample.workload_digest,
        workload_bytes: TASKS * TASK_BYTES,
        workload_tasks: TASKS,
        scale: Scale::ONE,
        client: client.to_owned(),
        settings: sample.settings,
        wlx_version: sample.wlx_version,
        machine: sample.machine,
    }
}

/// Stores a run with `repeats`, each with a recording of its tasks.
pub(super) fn add_run(store: &mut ResultsFile, new: &NewRun, repeats: &[RepeatRecord]) {
    let key = |n: u64| ObjectKey::new(format!("download/5MiB-200x/{n:03}")).unwrap();
    let tasks: Vec<Task> =
        (1..=TASKS).map(|n| Task { action: Action::Download, key: key(n), size: TASK_BYTES }).collect();
    let id = store.begin_run(new).unwrap();
    store.keep_workload(&new.workload_digest, &tasks).unwrap();
    store.set_hello(id, &run(1).hello.unwrap()).unwrap();
    for repeat in repeats {
        store.add_repeat(id, repeat, recording(repeat.seconds)).unwrap();
    }
    store.end_run(id, Outcome::Succeeded, None).unwrap();
}

fn repeat_of(number: u64, seconds: f64) -> RepeatRecord {
    let jitter = 1.0 + 0.004 * ((number * 7) % 10) as f64;
    RepeatRecord { bytes: TASKS * TASK_BYTES, ..repeat(number, seconds * jitter) }
}

/// Tasks that follow each other in lanes, some a little slower than others.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds in nanoseconds")]
fn recording(seconds: f64) -> Recording {
    let mut recording = Recording::default();
    let whole_ns = (seconds * 1e9) as u64;
    let slot = whole_ns / TASKS.div_ceil(IN_FLIGHT);
    for task in 0..TASKS {
        let start_ns = task / IN_FLIGHT * slot + task % IN_FLIGHT * 1000;
        let end_ns = start_ns + slot - slot / 3 * (task * task % 17) / 17 - IN_FLIGHT * 1000;
        recording.add_task(TaskEvent {
            repeat: 1,
            task,
            start_ns,
            end_ns,
            first_byte_ns: Some(start_ns + slot / 5),
            bytes: TASK_BYTES,
            requests: Some(1),
            error: None,
        });
    }
    for step in 1..=50 {
        let bytes = TASKS * TASK_BYTES * step / 50;
        let elapsed_ns = Some(whole_ns * step / 50);
        recording.add_progress(&Progress {
            repeat: 1,
            elapsed_ns,
            bytes,
            tasks: step * 4,
            in_flight: None,
            latency: None,
        });
    }
    recording
}
