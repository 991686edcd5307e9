//! Servers that do one thing wrong. `wlx` reports a failed run and says what to do, or a good run with its retries counted. It never
//! makes a number from bytes that did not arrive.

use std::time::Duration;

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::faulty::{FaultyServer, Misbehaviour};
use end_to_end::{
    BUCKET, EmbeddedServer, Endpoint, Finished, HandWritten, Output, TestContext, numbered, ports, prepared,
};
use serde_json::{Value, json};

use crate::results::{exported, good_repeats};

/// Workloads to go wrong.
fn workloads() -> [(&'static str, HandWritten); 4] {
    [
        ("one", HandWritten::in_ram(&numbered("download", "one", 1, 1_000_000))),
        ("many", HandWritten::in_ram(&numbered("download", "many", 50, 10_000))),
        (
            "checked",
            HandWritten::in_ram(&numbered("download", "checked", 1, 1_000_000)).with("checksum", json!("CRC32C")),
        ),
        ("up", HandWritten::in_ram(&numbered("upload", "up", 1, 20_000_000))),
    ]
}

fn begin() -> (EmbeddedServer, TestContext) {
    prepared(&workloads())
}

fn run(context: &TestContext, workload: &str) -> Finished {
    context.wlx().args(["run", workload]).run()
}

fn run_fails(context: &TestContext, workload: &str) -> Output {
    run(context, workload).expect_code(1)
}

/// Requires that the run is stored as failed with `cause`, that the message has a hint and `advice`, and that no number is printed.
fn assert_failed(context: &TestContext, output: Output, cause: &str, advice: &str) {
    let finished = output.expect_stderr("hint: ").expect_stderr(advice);
    assert!(!finished.stdout.contains("Run:1"), "a failed run has no number:\n{}", finished.stdout);
    let runs = exported(context);
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert!(good_repeats(&runs[0]).is_empty(), "{}", runs[0]);
    assert_eq!(runs[0]["outcome"], "failed", "{}", runs[0]);
    let causes: Vec<&Value> = runs[0]["repeats"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|repeat| repeat["errors"].as_array().into_iter().flatten())
        .map(|error| &error["kind"])
        .collect();
    assert!(causes.iter().any(|kind| *kind == cause), "no {cause} among {causes:?} of {}", runs[0]);
}

/// Requires a good run whose retries are counted.
fn assert_recovered(context: &TestContext, finished: Finished) {
    finished.expect_success().expect_stdout("Run:1 ");
    let runs = exported(context);
    let repeats = good_repeats(&runs[0]);
    assert_eq!(repeats.len(), 1, "{}", runs[0]);
    assert!(repeats[0]["retries"].as_u64().is_some_and(|retries| retries > 0), "no retries in {}", runs[0]);
}

#[test]
fn wrong_secret() {
    let (_server, mut context) = begin();
    context.set("AWS_SECRET_ACCESS_KEY", "wrong");
    let finished = run_fails(&context, "one").expect_stderr("SignatureDoesNotMatch");
    assert_failed(&context, finished, "denied", "credentials");
}

#[test]
fn unknown_access_key() {
    let (_server, mut context) = begin();
    context.set("AWS_ACCESS_KEY_ID", "nobody");
    let finished = run_fails(&context, "one").expect_stderr("InvalidAccessKeyId");
    assert_failed(&context, finished, "denied", "credentials");
    context.wlx().args(["prep", "bucket"]).run().expect_code(1).expect_stderr("credentials");
}

#[test]
fn no_such_bucket() {
    let (_server, context) = begin();
    let finished = context.wlx().args(["run", "one", "--bucket", "absent-bucket"]).run().expect_code(1);
    assert_failed(&context, finished.expect_stderr("absent-bucket"), "missingBucket", "wlx prep bucket");
}

#[test]
fn no_such_object() {
    let (_server, context) = begin();
    context.add("later", &HandWritten::in_ram(&[("download", "download/later", 7)]));
    let finished = run_fails(&context, "later").expect_stderr("download/later");
    assert_failed(&context, finished, "missingKey", "wlx prep bucket");
}

#[test]
fn object_of_another_size() {
    let (_server, context) = begin();
    context.add("shorter", &HandWritten::in_ram(&[("download", "download/one/1", 999_999)]));
    let finished = run_fails(&context, "shorter");
    assert_failed(&context, finished, "integrity", "wlx prep bucket");
}

/// A context for a server that speaks no S3.
fn elsewhere(url: String) -> TestContext {
    let endpoint = Endpoint {
        url,
        access_key_id: "any".to_owned(),
        secret_access_key: "any".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let mut context = TestContext::with_endpoint(&endpoint);
    context.set("WLX_BUCKET", BUCKET);
    for (name, workload) in workloads() {
        context.add(name, &workload);
    }
    context
}

#[test]
fn refused_connection() {
    let url = format!("http://127.0.0.1:{}", ports::free());
    let context = elsewhere(url.clone());
    let finished = run_fails(&context, "one").expect_stderr(&url);
    assert_failed(&context, finished, "connection", "--endpoint-url");
    context.wlx().args(["prep", "bucket"]).run().expect_code(1).expect_stderr("--endpoint-url");
}

#[test]
fn a_server_that_speaks_no_http_or_hangs_up() {
    for misbehaviour in [Misbehaviour::HangUp, Misbehaviour::NoAnswer, Misbehaviour::Garbage] {
        let server = FaultyServer::start(misbehaviour);
        let context = elsewhere(server.url());
        let started = std::time::Instant::now();
        let finished = run_fails(&context, "one");
        assert_failed(&context, finished, "connection", "--endpoint-url");
        assert!(started.elapsed() < Duration::from_mins(1), "it took {:?} to give up", started.elapsed());
    }
}

#[test]
fn half_a_body_on_every_answer() {
    let server = FaultyServer::start(Misbehaviour::HalfABody);
    let context = elsewhere(server.url());
    let finished = run_fails(&context, "one");
    // Its length is another one than the workload's, and so it is refused before half of it is missed.
    assert_failed(&context, finished, "integrity", "hint: ");
}

#[test]
fn every_answer_is_503() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::SlowDown).on("GetObject")]);
    let finished = run_fails(&context, "one").expect_stderr("503");
    assert_failed(&context, finished, "throttled", "--target-throughput");
}

#[test]
fn some_503s_are_retried_and_counted() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::SlowDown).on("GetObject").first(3)]);
    assert_recovered(&context, run(&context, "many"));
}

#[test]
fn prep_gets_through_503s() {
    let (server, context) = begin();
    context.add("more", &HandWritten::in_ram(&numbered("download", "more", 30, 1000)));
    server.misbehave(&[FaultRule { rate: 0.2, ..FaultRule::always(FaultKind::SlowDown) }]);
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    server.misbehave(&[]);
    run(&context, "more").expect_success();
    assert_eq!(good_repeats(&exported(&context)[0])[0]["bytes"], 30 * 1000);
}

#[test]
fn a_truncated_body() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::TruncateBody { after_bytes: 500_000 }).on("GetObject")]);
    let finished = run_fails(&context, "one").expect_stderr("broke off");
    assert_failed(&context, finished, "connection", "hint: ");
}

#[test]
fn one_reset_connection_is_tried_again() {
    let (server, context) = begin();
    for (workload, operation) in [("many", "GetObject"), ("up", "UploadPart")] {
        let reset = FaultRule::always(FaultKind::Reset { after_bytes: None }).on(operation).first(1);
        server.misbehave(&[reset]);
        assert_recovered(&context, run(&context, workload));
    }
}

#[test]
fn a_wrong_checksum() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::WrongChecksum).on("GetObject")]);
    let finished = run_fails(&context, "checked");
    assert_failed(&context, finished, "integrity", "");
}

#[test]
fn a_corrupted_body() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::CorruptBody { offset: 777 }).on("GetObject")]);
    let finished = run_fails(&context, "checked");
    assert_failed(&context, finished, "integrity", "");
}

#[test]
fn a_failed_upload_leaves_no_parts_behind() {
    let (server, context) = begin();
    let later_parts = FaultRule { skip: 1, ..FaultRule::always(FaultKind::InternalError).on("UploadPart") };
    server.misbehave(&[later_parts]);
    run_fails(&context, "up");
    let open = context.python("uploads.py").args(["count", BUCKET]).run().expect_success();
    assert_eq!(open.stdout.trim(), "0");
}
