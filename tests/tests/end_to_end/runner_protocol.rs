//! `wlx runner` driven by a program that knows only the published runner protocol.

use end_to_end::{BUCKET, EmbeddedServer, HandWritten, TestContext, binaries, numbered, served};
use serde_json::{Value, json};

/// One workload with everything that it needs in the bucket and in the folder `files`, and all clients.
fn begin(workload: HandWritten) -> (EmbeddedServer, TestContext) {
    let (server, context) = unprepared(workload);
    context.wlx().args(["prep", "all", "it", "--files-dir", "files"]).run().expect_success();
    (server, context)
}

fn unprepared(workload: HandWritten) -> (EmbeddedServer, TestContext) {
    let (server, mut context) = served(&[("it", workload)]);
    context.add_clients();
    context.write("files/.keep", "");
    (server, context)
}

/// A workload of a version that does not exist yet. Nothing can be prepared for it.
fn of_the_future() -> (EmbeddedServer, TestContext) {
    unprepared(small("upload").with("version", json!(99)))
}

/// What the foreign driver saw.
fn drive(context: &TestContext, client: &str, bucket: &str) -> Value {
    let work = context.work();
    let runner = format!("{} runner", binaries::binary("wlx").display());
    context
        .python("foreign_driver.py")
        .arg(work.join("files"))
        .args([&runner, client])
        .arg(work.join("workloads/it.run.json"))
        .args([bucket, "us-east-1", "100.0"])
        .run()
        .expect_success()
        .json()
}

fn small(action: &str) -> HandWritten {
    HandWritten::in_ram(&numbered(action, "64KiB-2x", 2, 65_536)).repeats(3)
}

fn assert_three_runs(seen: &Value) {
    assert_eq!(seen["exitCode"], 0, "{seen}");
    let runs = seen["runs"].as_array().expect("runs are a list");
    assert_eq!(runs.iter().map(|run| run["run"].as_u64()).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)], "{seen}");
    for run in runs {
        let number = |field: &str| run[field].as_f64().unwrap_or_else(|| panic!("no {field} in {run}"));
        let expected = 2.0 * 65_536.0 * 8.0 / 1e9 / number("secs");
        // Both are printed with six decimals, which are few for so short a time.
        let rounding = expected * 0.000_001 / number("secs") + 0.000_001;
        assert!((number("gbps") - expected).abs() <= rounding, "{run}, not {expected}");
    }
}

#[test]
fn repeats_are_reported_line_by_line() {
    for action in ["upload", "download"] {
        let (_server, context) = begin(small(action));
        assert_three_runs(&drive(&context, "sdk-rust", BUCKET));
    }
}

/// A driver can run the clients of other makers, too.
#[test]
fn clients_of_all_kinds_are_driven_alike() {
    for client in ["boto3-classic", "s5cmd"] {
        for action in ["upload", "download"] {
            let (_server, context) = begin(small(action).with("filesOnDisk", json!(true)));
            assert_three_runs(&drive(&context, client, BUCKET));
            context.assert_nothing_left_running();
        }
        let (_server, context) = of_the_future();
        assert_eq!(drive(&context, client, BUCKET)["exitCode"], 123);
        let (_server, context) = begin(HandWritten::on_disk(&numbered("upload", "a", 1, 1000)));
        let seen = drive(&context, client, "no-such-bucket");
        assert_eq!(seen["exitCode"], 255, "{seen}");
        assert_eq!(seen["reason"]["kind"], "FAIL", "{seen}");
        assert!(seen["reason"]["text"].as_str().is_some_and(|text| text.contains("NoSuchBucket")), "{seen}");
        assert_eq!(seen["runs"], json!([]), "a failed repeat has no number");
    }
}

/// Command-line clients are quiet by default. With `--verbose` they say what they did, and run lines still stand alone.
#[test]
fn command_lines_say_what_they_do_where_asked() {
    let (_server, context) = begin(HandWritten::in_ram(&numbered("upload", "64KiB-1x", 1, 65_536)));
    let run = |flags: &[&str]| {
        let workload = context.work().join("workloads/it.run.json");
        let runner = context.wlx().args(["runner", "s5cmd"]).arg(workload).args([BUCKET, "us-east-1", "1.0"]);
        runner.args(flags.iter().copied()).run().expect_success().expect_stdout("Run:1 Secs:")
    };
    assert_eq!(run(&[]).stderr, "");
    let said = run(&["--verbose"]).stderr;
    assert!(!said.is_empty() && !said.contains("Run:"), "{said}");
}

#[test]
fn downloads_to_disk_lie_below_the_files_folder() {
    let (_server, context) = begin(HandWritten::on_disk(&numbered("download", "some/folder", 1, 100_000)));
    // From an earlier repeat. It must be replaced.
    context.write("files/download/some/folder/1", "old");
    let seen = drive(&context, "sdk-rust", BUCKET);
    assert_eq!(seen["exitCode"], 0, "{seen}");
    let file = std::fs::metadata(context.work().join("files/download/some/folder/1"));
    assert_eq!(file.expect("the file is there").len(), 100_000);
}

#[test]
fn what_it_cannot_do_is_skipped_with_123() {
    let (_server, context) = of_the_future();
    let seen = drive(&context, "sdk-rust", BUCKET);
    assert_eq!(seen["exitCode"], 123, "{seen}");
    assert_eq!(seen["reason"]["kind"], "Skipping benchmark", "{seen}");
    assert_eq!(seen["runs"], json!([]));
}

#[test]
fn a_failure_ends_with_255() {
    let (_server, context) = begin(small("download"));
    let seen = drive(&context, "sdk-rust", "no-such-bucket");
    assert_eq!(seen["exitCode"], 255, "{seen}");
    assert_eq!(seen["reason"]["kind"], "FAIL", "{seen}");
    assert!(seen["reason"]["text"].as_str().is_some_and(|text| text.contains("NoSuchBucket")), "{seen}");
    assert_eq!(seen["runs"], json!([]), "a failed repeat has no number");
}

#[test]
fn a_run_is_not_begun_again_after_the_time_is_up() {
    let (_server, context) = begin(small("upload").repeats(1_000_000).with("maxRepeatSecs", json!(1)));
    let seen = drive(&context, "null", BUCKET);
    assert_eq!(seen["exitCode"], 0, "{seen}");
    let runs = seen["runs"].as_array().map_or(0, Vec::len);
    assert!((1..1_000_000).contains(&runs), "{runs} repeats");
}
