//! Workloads that `wlc` did not write.

use end_to_end::{HandWritten, TestContext};
use serde_json::json;

use crate::results::{exported, good_repeats};

#[test]
fn mixed_sizes_and_a_repeated_key_run() {
    let context = TestContext::new();
    let workload = HandWritten::in_ram(&[
        ("download", "download/mixed/a", 1),
        ("download", "download/mixed/b", 0),
        ("download", "download/mixed/c", 20_000_000),
        ("download", "download/mixed/c", 20_000_000),
        ("upload", "upload/mixed/d", 9_000_000),
        ("upload", "upload/mixed/d", 9_000_000),
        ("upload", "upload/mixed/e", 17),
    ]);
    let path = context.write("elsewhere/mixed.run.json", workload.text());
    context.wlx().args(["prep", "bucket"]).arg(&path).run().expect_success();
    context.wlx().arg("run").arg(&path).run().expect_success();
    let runs = exported(&context);
    assert_eq!(good_repeats(&runs[0])[0]["bytes"], 1 + 2 * 20_000_000 + 2 * 9_000_000 + 17, "{runs:?}");
}

#[test]
fn an_unknown_version_is_skipped() {
    let context = TestContext::new();
    let workload = HandWritten::in_ram(&[("upload", "upload/x", 1)]).with("version", json!(99));
    let path = context.write("next.run.json", workload.text());
    context.wlx().arg("run").arg(&path).run().expect_code(123).expect_stderr("version 99");
}

#[test]
fn a_faulty_workload_is_refused_at_its_line() {
    let context = TestContext::new();
    let workload = HandWritten::in_ram(&[("upload", "upload/x", 1)]).with("filesOnDisc", json!(true));
    let path = context.write("typo.run.json", workload.text());
    let refused = context.wlx().arg("run").arg(&path).run().expect_code(2);
    assert!(refused.stderr.contains("filesOnDisc") && refused.stderr.contains("typo.run.json:"), "{}", refused.stderr);
}

#[test]
fn a_key_that_leaves_the_files_folder_is_refused() {
    let context = TestContext::new();
    for key in ["upload/../../x", "/upload/x", "upload//x", "upload/a\\b"] {
        let workload = HandWritten::on_disk(&[("upload", key, 1)]);
        let path = context.write("evil.run.json", workload.text());
        context.wlx().args(["prep", "files"]).arg(&path).run().expect_code(2);
        context.wlx().arg("run").arg(&path).run().expect_code(2);
    }
    assert!(!context.work().join("../x").exists());
}
