//! After Ctrl-C and `kill -9` no finished repeat is lost, and nothing is left behind.

use std::time::{Duration, Instant};

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::{BUCKET, Child, EmbeddedServer, HandWritten, TestContext, numbered, prepared, served};
use rustix::process::Signal;
use serde_json::json;

use crate::results::{exported, good_repeats};

const MIB: u64 = 1 << 20;

fn late(operation: &str, milliseconds: u64) -> FaultRule {
    FaultRule::always(FaultKind::Latency { nanoseconds: milliseconds * 1_000_000 }).on(operation)
}

/// A small and a large upload, and a server that answers each part late.
fn begin() -> (EmbeddedServer, TestContext) {
    let small = HandWritten::in_ram(&numbered("upload", "small", 1, 1000)).repeats(3);
    let large = HandWritten::in_ram(&numbered("upload", "large", 1, 4096 * MIB));
    let (server, context) = prepared(&[("small", small), ("large", large)]);
    server.misbehave(&[late("UploadPart", 300)]);
    (server, context)
}

fn start(context: &TestContext) -> Child {
    let child = context.wlx().args(["run", "small", "large"]).limit(Duration::from_mins(3)).start();
    context.python("uploads.py").args(["wait", BUCKET]).run().expect_success();
    child
}

fn open_uploads(context: &TestContext) -> String {
    context.python("uploads.py").args(["count", BUCKET]).run().expect_success().stdout.trim().to_owned()
}

#[test]
fn ctrl_c_aborts_uploads_and_keeps_what_was_finished() {
    let (_server, context) = begin();
    let child = start(&context);
    // To every process of the group, as a terminal does.
    child.signal_group(Signal::INT);
    child.wait().expect_code(130);
    assert_eq!(open_uploads(&context), "0");
    context.assert_nothing_left_running();
    let runs = exported(&context);
    let small = runs.iter().find(|run| run["workload"] == "small").expect("the finished run is stored");
    assert_eq!(good_repeats(small).len(), 3, "{small}");
    let large = runs.iter().find(|run| run["workload"] == "large").expect("the interrupted run is stored");
    assert_eq!(large["outcome"], "interrupted", "{large}");
    assert!(good_repeats(large).is_empty(), "{large}");
}

#[test]
fn sigterm_to_the_parent_alone_is_enough() {
    let (_server, context) = begin();
    let child = start(&context);
    child.signal(Signal::TERM);
    child.wait().expect_code(130);
    assert_eq!(open_uploads(&context), "0");
    context.assert_nothing_left_running();
}

#[test]
fn kill_9_during_a_run_loses_nothing_finished() {
    let (_server, context) = begin();
    let child = start(&context);
    child.signal(Signal::KILL);
    child.wait().expect_signal(Signal::KILL);
    let runs = exported(&context);
    let small = runs.iter().find(|run| run["workload"] == "small").expect("the finished run is stored");
    assert_eq!(good_repeats(small).len(), 3, "{small}");
    let listed = context.wlx().args(["results", "list"]).run().expect_success();
    assert!(listed.stdout.contains("unfinished"), "{}", listed.stdout);
    context.wlx().args(["run", "small"]).run().expect_success();
}

#[test]
fn kill_9_during_prep_continues_where_it_stopped() {
    let many = HandWritten::in_ram(&numbered("download", "many", 400, 10_000));
    let (server, context) = served(&[("many", many)]);
    server.misbehave(&[late("PutObject", 1000)]);
    let prep = || context.wlx().args(["prep", "bucket"]);
    let child = prep().start();
    context.python("objects_in.py").args([BUCKET, "40"]).run().expect_success();
    child.signal(Signal::KILL);
    child.wait().expect_signal(Signal::KILL);
    let before: u64 = count(&context);
    assert!((40..400).contains(&before), "{before} objects when it was killed");

    server.misbehave(&[]);
    server.record();
    prep().run().expect_success();
    assert_eq!(count(&context), 400);
    let records = server.recorded("PutObject");
    let puts = records.iter().filter(|put| put["key"].as_str().is_some_and(|key| key.starts_with("download/"))).count();
    assert!(puts > 0 && puts as u64 <= 400 - before, "{puts} objects sent again after {before} were there");
}

/// How many objects the bucket has.
fn count(context: &TestContext) -> u64 {
    let finished = context.python("objects_in.py").args([BUCKET, "0"]).run().expect_success();
    finished.stdout.trim().parse().expect("a count is printed")
}

/// With nothing configured the server is a child of `wlx`, and must never outlive it.
#[test]
fn the_embedded_server_ends_with_its_parent() {
    for signal in [Signal::INT, Signal::KILL] {
        let context = TestContext::new();
        let endless = HandWritten::in_ram(&numbered("upload", "endless", 1, 100_000)).repeats(1_000_000);
        context.add("endless", &endless.with("maxRepeatSecs", json!(3600)));
        let mut child = context.wlx().args(["run", "endless"]).start();
        child.wait_for_stdout("Run:2 ");
        child.signal(signal);
        let finished = child.wait();
        if signal == Signal::INT {
            finished.expect_code(130);
        } else {
            finished.expect_signal(signal);
        }
        let started = Instant::now();
        // A killed process cannot wait for its children. They notice by themselves.
        while signal == Signal::KILL && !context.processes_left().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "the children outlive their parent");
            std::thread::yield_now();
        }
        context.assert_nothing_left_running();
        assert!(good_repeats(&exported(&context)[0]).len() >= 2, "finished repeats are kept");
        context.add("once", &HandWritten::in_ram(&numbered("upload", "endless", 1, 100_000)));
        context.wlx().args(["run", "once"]).run().expect_success();
    }
}
