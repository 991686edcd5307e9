//! The main job in an empty folder beside the compiled workloads: prepare, run, look at the results.

use std::time::Duration;

use end_to_end::{HandWritten, SeaweedFs, TestContext};

use crate::results::{exported, good_repeats};

const STANDARD: [&str; 4] =
    ["upload-64KiB-1_000x", "download-64KiB-1_000x", "upload-5GiB-1x-ram", "download-5GiB-1x-ram"];

#[test]
fn standard_workloads_run_with_nothing_configured() {
    let context = TestContext::new();
    context.add_workloads(&STANDARD);
    context.wlx().args(["prep", "bucket", "--scale", "1/256"]).run().expect_success();
    context.wlx().args(["run", "--scale", "1/256"]).args(STANDARD).run().expect_success().expect_stdout("Run:1 Secs:");
    let listed = context.wlx().args(["results", "list"]).run().expect_success();
    for name in STANDARD {
        assert!(listed.stdout.contains(name), "{name} is not in\n{}", listed.stdout);
    }
    let runs = exported(&context);
    assert_eq!(runs.len(), STANDARD.len());
    for run in &runs {
        assert!(!good_repeats(run).is_empty(), "no good repeat in {run}");
    }
    context.assert_nothing_left_running();
}

/// 200 GB that exist without being stored or sent.
#[test]
fn the_whole_standard_set_is_prepared_in_seconds() {
    let context = TestContext::new();
    context.add_all_workloads();
    let limit = Duration::from_mins(1);
    context.wlx().args(["prep", "bucket"]).limit(limit).run().expect_success();
    let again = context.wlx().args(["prep", "bucket", "--format", "json"]).limit(limit).run().expect_success();
    assert!(!again.stdout.is_empty());
}

/// The real size once: what only shows beyond 4 GiB would otherwise never show.
#[test]
fn five_gib_go_up_and_down() {
    let context = TestContext::new();
    let size = 5 << 30;
    context.write("workloads/up.run.json", HandWritten::in_ram(&[("upload", "upload/5GiB-1x/1", size)]).text());
    context.write("workloads/down.run.json", HandWritten::in_ram(&[("download", "download/5GiB-1x/1", size)]).text());
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    context.wlx().args(["run", "up", "down"]).limit(Duration::from_mins(8)).run().expect_success();
    for run in exported(&context) {
        let repeats = good_repeats(&run);
        assert_eq!(repeats.len(), 1, "{run}");
        assert_eq!(repeats[0]["bytes"], size, "{run}");
    }
}

#[test]
fn the_same_on_a_server_of_other_people() {
    let server = SeaweedFs::start();
    let context = TestContext::with_endpoint(server.endpoint());
    let workloads = ["upload-8MiB-16x", "download-8MiB-16x", "upload-64KiB-1x", "download-8MiB-16x-ram"];
    context.add_workloads(&workloads);
    let common = ["--bucket", "main-job"];
    context.wlx().args(["prep", "all"]).args(common).run().expect_success();
    context.wlx().arg("run").args(workloads).args(common).run().expect_success();
    let runs = exported(&context);
    assert_eq!(runs.len(), workloads.len());
    for run in &runs {
        assert!(!good_repeats(run).is_empty(), "no good repeat in {run}");
    }
    // What was made is found again, and kept.
    context.wlx().args(["prep", "all"]).args(common).run().expect_success();
    context.wlx().args(["clean"]).args(common).run();
    assert_eq!(runs.iter().filter(|run| run["client"] == "sdk-rust").count(), workloads.len());
}
