//! `wlx conform`: an honest client of another maker passes. One that does not do its work is caught, even if it reports success.

use std::time::Duration;

use end_to_end::{Finished, HandWritten, TestContext, foreign, numbered};
use serde_json::{Value, json};

const FILES: u64 = 1000;

/// A folder with four workloads, whose `wlx.toml` adds the runner with `flags` as `mine`.
fn context(flags: &str) -> TestContext {
    let context = TestContext::new();
    context.write("wlx.toml", foreign::section("mine", flags));
    for action in ["upload", "download"] {
        context.add(&format!("{action}-many"), &HandWritten::on_disk(&numbered(action, "many", FILES, 2048)));
        let checked = HandWritten::on_disk(&numbered(action, "checked", 1, 100_000)).with("checksum", json!("SHA256"));
        context.add(&format!("{action}-checked"), &checked);
    }
    context
}

fn conform(context: &TestContext, workloads: &[&str], more: &[&str]) -> Finished {
    let conform = context.wlx().args(["conform", "mine", "--workload"]).args(workloads).args(more);
    let finished = conform.limit(Duration::from_mins(3)).run();
    context.assert_nothing_left_running();
    let left = std::fs::read_dir(context.work().join(".wlx")).expect("results are stored").filter_map(Result::ok);
    let left: Vec<String> = left.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    assert!(left.iter().all(|name| name.starts_with("results.sqlite")), "{left:?}");
    finished
}

const ALL: [&str; 4] = ["upload-many", "download-many", "upload-checked", "download-checked"];

#[test]
fn an_honest_client_passes_and_the_evidence_says_what_it_did() {
    let context = context("");
    let evidence = conform(&context, &ALL, &["--format", "json"]).expect_success().json();
    let clients: Vec<&Value> = evidence.as_array().expect("a list of clients").iter().collect();
    let names: Vec<&str> = clients.iter().filter_map(|client| client["client"].as_str()).collect();
    assert_eq!(names, ["sdk-rust", "mine"], "the reference is always run");
    for client in clients {
        let form = |name: &str| -> Value {
            let forms = client["forms"].as_array().expect("a list of forms");
            forms.iter().find(|form| form["form"] == name).unwrap_or_else(|| panic!("no {name} in {client:#}")).clone()
        };
        for (name, operation) in [("upload-many", "PutObject"), ("download-many", "GetObject")] {
            let form = form(name);
            assert_eq!(form["outcome"], "succeeded", "{form:#}");
            assert_eq!(form["work"]["requests"], json!({ operation: FILES }), "{form:#}");
            assert_eq!(form["work"]["pieces"], json!({ "2048": FILES }), "{form:#}");
            assert_eq!(form.get("faults"), None, "{form:#}");
        }
        assert_eq!(form("upload-many")["work"]["sentBytes"], FILES * 2048);
        assert_eq!(form("download-many")["work"]["receivedBytes"], FILES * 2048);
        let checksums = form("upload-checked")["work"]["checksums"].clone();
        let place = if client["client"] == "mine" { "SHA256 header" } else { "SHA256 trailer" };
        assert_eq!(checksums, json!({ place: 1 }));
        assert_eq!(form("download-checked")["noticesCorruption"], true, "{client:#}");
    }
}

#[test]
fn the_table_shows_what_differs() {
    let finished = conform(&context(""), &["upload-many", "upload-checked"], &[]).expect_success();
    let text = &finished.stdout;
    for words in [
        "upload-many: 1000 tasks, 1.95 MiB, on disk\n",
        "upload-checked: 1 task, 97.7 KiB, on disk, SHA256\n",
        "1000 x 2 KiB",
        "  the reference\n",
        "uses 1000 connections, sdk-rust ",
        "sends as checksum: SHA256 header; sdk-rust: SHA256 trailer (upload-checked)",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
    assert!(!text.contains("FAULT"), "{text}");
}

/// Requires that a client that cheats in this way gets a fault with these words, and that the reference gets none.
#[track_caller]
fn assert_caught(cheat: &str, workload: &str, words: &str) {
    let finished = conform(&context(&format!("--cheat {cheat}")), &[workload], &[]).expect_code(1);
    let faults: Vec<&str> = finished.stdout.lines().filter(|line| line.trim_start().starts_with("FAULT: ")).collect();
    assert!(faults.iter().any(|fault| fault.contains(words)), "no `{words}` in {}", finished.stdout);
    assert!(faults.len() <= 2, "one cheat is one fault, and what it left behind: {}", finished.stdout);
    let row = finished.stdout.lines().find(|line| line.starts_with("mine "));
    assert!(row.is_some_and(|row| row.trim_end().ends_with("FAULT")), "{}", finished.stdout);
}

#[test]
fn one_object_skipped_in_a_thousand_is_caught() {
    // The object exists: another client has uploaded it before.
    assert_caught("skip-one", "upload-many", "skipped 1 of 1,000 objects (upload/many/0500)");
}

#[test]
fn a_download_that_is_skipped_is_caught() {
    assert_caught("skip-one", "download-many", "skipped 1 of 1,000 objects (download/many/0500)");
}

#[test]
fn no_checksum_is_caught() {
    let words = "sent 1 of 1 requests with payload without the SHA256 that is asked for";
    assert_caught("no-checksum", "upload-checked", words);
}

#[test]
fn a_checksum_that_is_not_looked_at_is_caught() {
    assert_caught("no-validation", "download-checked", "took a corrupted body for a good one");
}

#[test]
fn a_list_on_the_clock_is_caught() {
    assert_caught("list", "download-many", "listed the bucket once on the clock, which no task asks for");
}

#[test]
fn a_clock_that_stops_early_is_caught() {
    assert_caught("early-clock", "upload-many", "its clock stops early or starts late");
}

#[test]
fn a_client_that_fails_is_no_evidence_of_anything() {
    let context = context("--misbehave say-nothing");
    let finished = conform(&context, &["download-many"], &[]).expect_code(1);
    assert!(finished.stdout.contains("FAULT: failed: "), "{}", finished.stdout);
}

#[test]
fn what_is_not_there_is_told_before_anything_is_started() {
    let context = context("");
    context.wlx().args(["conform", "mien"]).run().expect_code(2).expect_stderr("did you mean `mine`?");
    context.wlx().args(["conform", "mine", "--workload", "no-such"]).run().expect_code(2).expect_stderr("no-such");
}
