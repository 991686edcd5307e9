//! Ctrl-C and `kill -9`: nothing finished is lost, nothing is left behind.

use std::time::{Duration, Instant};

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::{Child, EmbeddedServer, HandWritten, TestContext};
use rustix::process::Signal;
use serde_json::json;

use crate::results::{exported, good_repeats};

const BUCKET: &str = "interrupted";
const MIB: u64 = 1 << 20;

fn late(operation: &str, milliseconds: u64) -> FaultRule {
    FaultRule::always(FaultKind::Latency { nanoseconds: milliseconds * 1_000_000 }).on(operation)
}

/// A server that answers each part late, and a small and a large upload.
fn begin() -> (EmbeddedServer, TestContext) {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    let small = HandWritten::in_ram(&[("upload", "upload/small/1", 1000)]).with("maxRepeatCount", json!(3));
    context.write("workloads/small.run.json", small.text());
    let large = HandWritten::in_ram(&[("upload", "upload/large/1", 4096 * MIB)]);
    context.write("workloads/large.run.json", large.text());
    context.wlx().args(["prep", "bucket", "--bucket", BUCKET]).run().expect_success();
    server.misbehave(&[late("UploadPart", 300)]);
    (server, context)
}

fn start(context: &TestContext) -> Child {
    let child = context.wlx().args(["run", "small", "large", "--bucket", BUCKET]).limit(Duration::from_mins(3)).start();
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
    // As a terminal does it: to every process of the group at once.
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
    assert_eq!(child.wait().signal, Some(9));
    let runs = exported(&context);
    let small = runs.iter().find(|run| run["workload"] == "small").expect("the finished run is stored");
    assert_eq!(good_repeats(small).len(), 3, "{small}");
    let listed = context.wlx().args(["results", "list"]).run().expect_success();
    assert!(listed.stdout.contains("unfinished"), "{}", listed.stdout);
    context.wlx().args(["run", "small", "--bucket", BUCKET]).run().expect_success();
}

#[test]
fn kill_9_during_prep_continues_where_it_stopped() {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    let keys: Vec<String> = (0..400).map(|number| format!("download/many/{number:03}")).collect();
    let tasks: Vec<(&str, &str, u64)> = keys.iter().map(|key| ("download", key.as_str(), 10_000)).collect();
    context.write("workloads/many.run.json", HandWritten::in_ram(&tasks).text());
    server.misbehave(&[late("PutObject", 1000)]);
    let prep = || context.wlx().args(["prep", "bucket", "--bucket", BUCKET]);
    let child = prep().start();
    context.python("objects_in.py").args([BUCKET, "40"]).run().expect_success();
    child.signal(Signal::KILL);
    assert_eq!(child.wait().signal, Some(9));
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

/// With nothing configured the server is a child of `wlx`: it must not outlive it, whatever happens.
#[test]
fn the_embedded_server_ends_with_its_parent() {
    for signal in [Signal::INT, Signal::KILL] {
        let context = TestContext::new();
        let endless = HandWritten::in_ram(&[("upload", "upload/endless/1", 100_000)])
            .with("maxRepeatCount", json!(1_000_000))
            .with("maxRepeatSecs", json!(3600));
        context.write("workloads/endless.run.json", endless.text());
        let mut child = context.wlx().args(["run", "endless"]).start();
        child.wait_for_stdout("Run:2 ");
        child.signal(signal);
        let finished = child.wait();
        if signal == Signal::INT {
            assert_eq!(finished.code, Some(130), "{}", finished.stderr);
        }
        let started = Instant::now();
        // Killed, it cannot wait for its children; they notice by themselves.
        while signal == Signal::KILL && !context.processes_left().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "the children outlive their parent");
            std::thread::yield_now();
        }
        context.assert_nothing_left_running();
        assert!(good_repeats(&exported(&context)[0]).len() >= 2, "finished repeats are kept");
        let once = HandWritten::in_ram(&[("upload", "upload/endless/1", 100_000)]);
        context.write("workloads/once.run.json", once.text());
        context.wlx().args(["run", "once"]).run().expect_success();
    }
}
