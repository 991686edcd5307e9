//! A bucket that `wlx` did not make: refused unless asked for, and nothing of its owner's is touched.

use end_to_end::{EmbeddedServer, Endpoint, HandWritten, SeaweedFs, TestContext};
use serde_json::{Value, json};

const BUCKET: &str = "theirs";
const RULE: &str = r#"{"Rules": [{"ID": "their rule", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}]}"#;

/// A bucket with an object and a lifecycle rule of its owner's, and a workload of ours.
fn begin(endpoint: &Endpoint) -> TestContext {
    let context = TestContext::with_endpoint(endpoint);
    context.write("diary", "dear diary");
    aws(&context, &["s3", "mb", &format!("s3://{BUCKET}")]);
    aws(&context, &["s3", "cp", "--quiet", "diary", &format!("s3://{BUCKET}/diary")]);
    let rules = ["put-bucket-lifecycle-configuration", "--bucket", BUCKET, "--lifecycle-configuration", RULE];
    aws(&context, &[&["s3api"][..], &rules[..]].concat());
    let tasks = [("download", "download/ours/1", 1000), ("upload", "upload/ours/1", 1000)];
    context.write("workloads/ours.run.json", HandWritten::in_ram(&tasks).text());
    context
}

fn aws(context: &TestContext, arguments: &[&str]) -> String {
    context.aws().args(arguments).run().expect_success().stdout
}

fn keys(context: &TestContext) -> Vec<String> {
    let listed = aws(context, &["s3api", "list-objects-v2", "--bucket", BUCKET, "--query", "Contents[].Key"]);
    serde_json::from_str(&listed).unwrap_or_else(|error| panic!("{error} in {listed}"))
}

fn rules(context: &TestContext) -> Vec<Value> {
    let listed = aws(context, &["s3api", "get-bucket-lifecycle-configuration", "--bucket", BUCKET]);
    let listed: Value = serde_json::from_str(&listed).unwrap_or_else(|error| panic!("{error} in {listed}"));
    listed["Rules"].as_array().unwrap_or_else(|| panic!("no rules in {listed}")).clone()
}

fn wlx(context: &TestContext, arguments: &[&str]) -> end_to_end::Finished {
    context.wlx().args(arguments).args(["--bucket", BUCKET]).run()
}

fn refused_adopted_and_left_as_it_was(endpoint: &Endpoint) {
    let context = begin(endpoint);
    let refused = wlx(&context, &["prep", "bucket"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains("--adopt") && refused.stderr.contains(BUCKET), "{}", refused.stderr);
    assert_eq!((keys(&context), rules(&context).len()), (vec!["diary".to_owned()], 1), "the refusal changed something");

    wlx(&context, &["prep", "bucket", "--adopt"]).expect_success();
    assert!(keys(&context).contains(&"download/ours/1".to_owned()));
    let with_ours = rules(&context);
    let theirs = with_ours.iter().find(|rule| rule["ID"] == "their rule").expect("their rule is still there");
    assert_eq!((&theirs["Expiration"]["Days"], &theirs["Filter"]["Prefix"]), (&json!(30), &json!("logs/")));
    assert!(with_ours.len() > 1, "{with_ours:?}");
    wlx(&context, &["run", "ours"]).expect_success();

    wlx(&context, &["clean"]).expect_success();
    assert_eq!(keys(&context), [".wlx-bucket.json", "diary"], "exactly what the plans name is removed");
    wlx(&context, &["clean", "--bucket-too"]).expect_success();
    assert_eq!((keys(&context), rules(&context).len()), (vec!["diary".to_owned()], 1));
    assert_eq!(aws(&context, &["s3", "cp", "--quiet", &format!("s3://{BUCKET}/diary"), "-"]), "dear diary");
}

#[test]
fn on_the_embedded_server() {
    refused_adopted_and_left_as_it_was(EmbeddedServer::start().endpoint());
}

#[test]
fn on_a_server_of_other_people() {
    refused_adopted_and_left_as_it_was(SeaweedFs::start().endpoint());
}

#[test]
fn a_clash_is_found_before_anything_is_made() {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    for (name, size) in [("one", 1000), ("other", 2000)] {
        let workload = HandWritten::in_ram(&[("download", "download/shared", size)]);
        context.write(&format!("workloads/{name}.run.json"), workload.text());
    }
    let refused = wlx(&context, &["prep", "bucket"]);
    assert!(refused.code.is_some_and(|code| code != 0), "a clash was accepted");
    assert!(["one", "other", "download/shared"].iter().all(|word| refused.stderr.contains(word)), "{}", refused.stderr);
    assert_eq!(aws(&context, &["s3", "ls"]), "");
}

#[test]
fn a_dry_run_changes_nothing() {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    let tasks = [("download", "download/ours/1", 1000)];
    context.write("workloads/ours.run.json", HandWritten::on_disk(&tasks).text());
    wlx(&context, &["prep", "all", "--dry-run"]).expect_success();
    assert_eq!(aws(&context, &["s3", "ls"]), "");
    assert!(!context.work().join(".wlx/files/download").exists());
}
