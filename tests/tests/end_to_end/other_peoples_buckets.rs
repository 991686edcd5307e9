//! A bucket that `wlx` did not make is refused unless `--adopt` is given, and what its owner has in it stays untouched.

use end_to_end::{EmbeddedServer, Endpoint, Finished, HandWritten, SeaweedFs, TestContext};
use serde_json::json;

use crate::contents::{aws, keys, rules};

const BUCKET: &str = "theirs";
const RULE: &str = r#"{"Rules": [{"ID": "their rule", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}]}"#;

/// A bucket with an object and a lifecycle rule of its owner, and a workload of ours.
fn begin(endpoint: &Endpoint) -> TestContext {
    let context = TestContext::with_endpoint(endpoint);
    context.write("diary", "dear diary");
    aws(&context, &["s3", "mb", &format!("s3://{BUCKET}")]);
    aws(&context, &["s3", "cp", "--quiet", "diary", &format!("s3://{BUCKET}/diary")]);
    let rules = ["put-bucket-lifecycle-configuration", "--bucket", BUCKET, "--lifecycle-configuration", RULE];
    aws(&context, &[&["s3api"][..], &rules[..]].concat());
    let tasks = [("download", "download/ours/1", 1000), ("upload", "upload/ours/1", 1000)];
    context.add("ours", &HandWritten::in_ram(&tasks));
    context
}

fn wlx(context: &TestContext, arguments: &[&str]) -> Finished {
    context.wlx().args(arguments).args(["--bucket", BUCKET]).run()
}

fn refused_adopted_and_left_as_it_was(endpoint: &Endpoint) {
    let context = begin(endpoint);
    wlx(&context, &["prep", "bucket"]).expect_code(1).expect_stderr("--adopt").expect_stderr(BUCKET);
    assert_eq!(
        (keys(&context, BUCKET), rules(&context, BUCKET).len()),
        (vec!["diary".to_owned()], 1),
        "the refusal changed something"
    );

    wlx(&context, &["prep", "bucket", "--adopt"]).expect_success();
    assert!(keys(&context, BUCKET).contains(&"download/ours/1".to_owned()));
    let with_ours = rules(&context, BUCKET);
    let theirs = with_ours.iter().find(|rule| rule["ID"] == "their rule").expect("their rule is still there");
    assert_eq!((&theirs["Expiration"]["Days"], &theirs["Filter"]["Prefix"]), (&json!(30), &json!("logs/")));
    assert!(with_ours.len() > 1, "{with_ours:?}");
    wlx(&context, &["run", "ours"]).expect_success();

    wlx(&context, &["clean"]).expect_success();
    assert_eq!(keys(&context, BUCKET), [".wlx-bucket.json", "diary"], "exactly what the plans name is removed");
    wlx(&context, &["clean", "--bucket-too"]).expect_success();
    assert_eq!((keys(&context, BUCKET), rules(&context, BUCKET).len()), (vec!["diary".to_owned()], 1));
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
        context.add(name, &HandWritten::in_ram(&[("download", "download/shared", size)]));
    }
    let refused = wlx(&context, &["prep", "bucket"]).expect_code(1);
    assert!(["one", "other", "download/shared"].iter().all(|word| refused.stderr.contains(word)), "{}", refused.stderr);
    assert_eq!(aws(&context, &["s3", "ls"]), "");
}

#[test]
fn a_dry_run_changes_nothing() {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    let tasks = [("download", "download/ours/1", 1000)];
    context.add("ours", &HandWritten::on_disk(&tasks));
    wlx(&context, &["prep", "all", "--dry-run"]).expect_success();
    assert_eq!(aws(&context, &["s3", "ls"]), "");
    assert!(!context.work().join(".wlx/files/download").exists());
}
