//! `wlx calibrate` measures, stores and shows the floor, and leaves nothing behind.

use std::time::Duration;

use end_to_end::TestContext;
use rustix::process::Signal;
use serde_json::Value;

/// The median of a spread. Requires that it is above zero and within its interval.
#[track_caller]
fn median(spread: &Value) -> f64 {
    let field = |name: &str| spread[name].as_f64().unwrap_or_else(|| panic!("no {name} in {spread}"));
    let (low, median, high) = (field("low"), field("median"), field("high"));
    assert!(0.0 < low && low <= median && median <= high, "{spread}");
    assert!(spread["n"].as_u64() >= Some(3), "{spread}");
    median
}

#[test]
fn every_floor_is_measured_several_times() {
    let context = TestContext::new();
    let calibrate = context.wlx().args(["calibrate", "--size", "8MiB", "--format", "json"]);
    let found = calibrate.limit(Duration::from_mins(3)).run().expect_success().json();
    context.assert_nothing_left_running();
    let null: Vec<(u64, f64)> = found["null"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|floor| (floor["tasks"].as_u64().expect("a number"), median(&floor["seconds"])))
        .collect();
    assert_eq!(null.iter().map(|(tasks, _)| *tasks).collect::<Vec<_>>(), [1, 1000, 100_000]);
    assert!(null[0].1 < null[2].1, "a hundred thousand tasks cost more than one: {null:?}");
    for limit in found["loopback"].as_array().expect("a list") {
        assert!(median(&limit["gbps"]) > 0.0 && median(&limit["roundTripsPerSecond"]) > 0.0);
    }
    for rate in ["writeBytesPerSecond", "readBytesPerSecond", "cachedBytesPerSecond"] {
        assert!(median(&found["disk"][rate]) > 0.0);
    }
    assert_eq!(found["disk"]["sizeBytes"], 8 << 20);
    assert!(found["clock"]["stepNs"].as_u64() >= Some(1));
    let files = context.work().join(".wlx/files");
    assert_eq!(std::fs::read_dir(files).expect("it was made").count(), 0, "the file is gone");
}

#[test]
fn the_table_is_readable() {
    let context = TestContext::new();
    let calibrate = context.wlx().args(["calibrate", "--size", "1MiB"]).limit(Duration::from_mins(3));
    let finished = calibrate.run().expect_success();
    for words in ["client null, 1000 tasks", "loopback, 1 connection ", "disk, 1 MiB written", "clock, one reading"] {
        assert!(finished.stdout.contains(words), "no `{words}` in\n{}", finished.stdout);
    }
}

#[test]
fn an_interrupt_leaves_nothing() {
    let context = TestContext::new();
    let mut child = context.wlx().args(["calibrate", "--size", "4GiB"]).limit(Duration::from_mins(3)).start();
    child.wait_for_stderr("disk of ");
    child.signal(Signal::INT);
    child.wait().expect_code(130);
    context.assert_nothing_left_running();
    let files = context.work().join(".wlx/files");
    assert!(!files.exists() || std::fs::read_dir(files).expect("a folder").count() == 0);
    let sizes = context.wlx().args(["calibrate", "--size", "1KiB"]).run();
    sizes.expect_code(2).expect_stderr("between 1MiB and 16GiB");
}
