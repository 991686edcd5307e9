//! The commands beside the main job, as scripts use them.

use end_to_end::{HandWritten, TestContext, numbered, served};

use crate::results::{exported, good_repeats, runs_in};

fn small() -> HandWritten {
    HandWritten::in_ram(&numbered("upload", "small", 1, 1000)).repeats(3)
}

fn with_small_workload() -> TestContext {
    let context = TestContext::new();
    context.add("small", &small());
    context
}

#[test]
fn the_older_spelling_of_a_name_is_understood() {
    let context = TestContext::new();
    context.add_workloads(&["upload-64KiB-1x-ram"]);
    context.wlx().args(["run", "upload-64KiB-ram"]).run().expect_success();
    assert_eq!(exported(&context)[0]["workload"], "upload-64KiB-1x-ram");
}

#[test]
fn a_name_that_does_not_exist_gets_the_nearest() {
    let context = TestContext::new();
    context.add_workloads(&["upload-8MiB-16x", "download-8MiB-16x"]);
    let refused = context.wlx().args(["run", "upload-8MB-16x"]).run().expect_code(2);
    assert!(refused.stderr.contains("hint: ") && refused.stderr.contains("upload-8MiB-16x"), "{}", refused.stderr);
    assert!(!context.work().join(".wlx/results.sqlite").exists(), "something was begun");
}

#[test]
fn two_clients_are_run_and_kept_apart() {
    let context = with_small_workload();
    let ran = context.wlx().args(["run", "small", "--client", "sdk-rust,null", "--format", "json"]).run();
    assert_eq!(runs_in(&ran.expect_success().json()).len(), 2);
    let runs = exported(&context);
    let clients: Vec<_> = runs.iter().filter_map(|run| run["client"].as_str()).collect();
    assert!(clients.contains(&"sdk-rust") && clients.contains(&"null"), "{clients:?}");
    assert!(runs.iter().all(|run| good_repeats(run).len() == 3), "{runs:?}");
}

#[test]
fn an_unknown_client_is_a_usage_error() {
    let context = with_small_workload();
    context.wlx().args(["run", "small", "--client", "sdk-rusty"]).run().expect_code(2).expect_stderr("sdk-rust");
}

#[test]
fn a_scaled_run_is_marked_and_uses_keys_of_its_own() {
    let context = TestContext::new();
    context.add_workloads(&["upload-max-throughput"]);
    context.wlx().args(["run", "upload-max-throughput", "--scale", "1/65536"]).run().expect_success();
    let run = &exported(&context)[0];
    assert!(run["scale"].to_string().contains("65536"), "{run}");
    let bytes = 100 * (5_u64 << 30) / 65_536;
    assert_eq!(good_repeats(run)[0]["bytes"], bytes, "{run}");
    let listed = context.wlx().args(["results", "list"]).run().expect_success();
    assert!(listed.stdout.contains("1/65536"), "{}", listed.stdout);
}

#[test]
fn results_are_shown_and_exported_in_each_format() {
    let context = with_small_workload();
    context.wlx().args(["run", "small"]).run().expect_success();
    context.wlx().args(["results", "show", "last"]).run().expect_success().expect_stdout("sdk-rust");
    let csv = context.wlx().args(["results", "export", "--format", "csv"]).run().expect_success();
    assert_eq!(csv.stdout.lines().count(), 1 + 3, "a heading and a row a repeat:\n{}", csv.stdout);
    assert_eq!(exported(&context)[0]["repeats"].as_array().map(Vec::len), Some(3));
}

#[test]
fn settings_say_where_they_come_from() {
    let mut context = TestContext::new();
    context.write("wlx.toml", "region = \"eu-north-1\"\nbucket = \"from-file\"\n");
    context.set("WLX_BUCKET", "from-environment");
    let shown = context.wlx().args(["config", "--target-throughput", "25"]).run().expect_success().stdout;
    let line_with = |text: &str| shown.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{shown}"));
    assert!(line_with("from-environment").contains("WLX_BUCKET"), "{shown}");
    assert!(line_with("eu-north-1").contains("wlx.toml"), "{shown}");
    assert!(line_with("25").contains("--target-throughput"), "{shown}");
    assert!(!shown.contains("from-file"), "{shown}");
}

#[test]
fn credentials_are_shown_nowhere() {
    let (_server, mut context) = served(&[("small", small())]);
    context.set("AWS_SECRET_ACCESS_KEY", "hush-this-is-secret");
    let config = context.wlx().arg("config").run().expect_success();
    let failed = context.wlx().args(["run", "small"]).run().expect_code(1);
    let shown = context.wlx().args(["results", "export", "--format", "json"]).run().expect_success();
    for text in [config.stdout, config.stderr, failed.stdout, failed.stderr, shown.stdout] {
        assert!(!text.contains("hush"), "{text}");
    }
}
