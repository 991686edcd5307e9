//! `wlx compare` and `wlx baseline` on the embedded server: they find a difference, invent none, and refuse to compare what is
//! not alike.

use std::time::Duration;

use end_to_end::{Finished, HandWritten, TestContext, foreign, numbered};
use serde_json::Value;

use crate::results::{exported, good_repeats, number};

/// A folder with a workload of 100 small downloads into RAM.
fn context() -> TestContext {
    let context = TestContext::new();
    let many = HandWritten::in_ram(&numbered("download", "many", 100, 65_536));
    context.add("download-many", &many.repeats(10));
    context
}

fn compare(context: &TestContext, more: &[&str]) -> Finished {
    let compare = context.wlx().args(["compare", "download-many", "--seed", "1"]).args(more);
    let finished = compare.limit(Duration::from_mins(4)).run();
    context.assert_nothing_left_running();
    finished
}

/// The one comparison, and its second side.
fn outcome(finished: Finished) -> (Value, Value) {
    let comparisons = finished.expect_success().json();
    let comparison = comparisons[0].clone();
    let side = comparison["sides"][1].clone();
    (comparison, side)
}

#[test]
fn a_side_that_is_held_back_by_half_is_called_slower_and_the_turns_are_stored() {
    let context = context();
    // Seconds are enough on an idle machine. A noisy one may not narrow the interval down, but it shows half as much more time.
    let slowed = ["--same", "--clients", "sdk-rust", "--slow", "50%", "--time", "120", "--format", "json"];
    let slowed = compare(&context, &slowed);
    let (comparison, side) = outcome(slowed);
    assert_eq!(side["verdict"]["kind"], "slower", "{comparison:#}");
    // 50 % more time is two thirds of the speed.
    let speed = number(&side["speed"]["median"]);
    assert!((0.55..0.8).contains(&speed), "{comparison:#}");
    let rounds = comparison["rounds"].as_u64().expect("a number of rounds");
    assert!(rounds >= 12, "{comparison:#}");

    let runs = exported(&context);
    let warm: Vec<usize> = ["sdk-rust", "sdk-rust (2)"]
        .iter()
        .zip([0, 1])
        .map(|(label, index)| {
            let side = &comparison["sides"][index];
            assert_eq!(side["label"], *label);
            let numbers: Vec<i64> = side["runs"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
            assert!(numbers.len() > 1, "all are started anew after eight turns: {numbers:?}");
            let of_side = runs.iter().filter(|run| numbers.contains(&run["run"].as_i64().unwrap_or_default()));
            let repeats = of_side.flat_map(|run| {
                assert_eq!(run["outcome"], "succeeded");
                good_repeats(run)
            });
            repeats.filter(|repeat| repeat["cold"] == false).count()
        })
        .collect();
    assert_eq!(warm, [usize::try_from(rounds).unwrap_or(0); 2], "every warm turn is in the comparison, no cold one");
}

#[test]
fn what_is_said_is_a_verdict_with_its_evidence() {
    let context = context();
    let finished = compare(&context, &["--clients", "sdk-rust,hyper", "--rounds", "12", "--time", "100"]);
    let text = finished.expect_success().stdout;
    for words in ["hyper", "sdk-rust", "95 % interval", "never checked", "wlx conform sdk-rust hyper", "seed 1"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn who_cannot_take_turns_or_is_alone_is_refused() {
    let context = context();
    context.write("wlx.toml", foreign::section("mine", ""));
    let plain = compare(&context, &["--clients", "sdk-rust,mine", "--rounds", "4"]);
    plain.expect_code(1).expect_stderr("cannot take turns");
    compare(&context, &["--clients", "sdk-rust"]).expect_code(2).expect_stderr("at least two clients");
    compare(&context, &["--same", "--clients", "sdk-rust,hyper"]).expect_code(2).expect_stderr("takes one client");
}

#[test]
fn a_regression_that_is_real_and_larger_ends_with_code_3() {
    let context = context();
    let wlx = |args: &[&str]| context.wlx().args(args).limit(Duration::from_mins(3)).run();
    wlx(&["run", "download-many", "--client", "hyper"]).expect_success();
    wlx(&["baseline", "save", "fast"]).expect_success();
    wlx(&["baseline", "save", "fast"]).expect_code(1).expect_stderr("there is a baseline `fast` already");
    let listed = wlx(&["baseline", "list"]).expect_success();
    assert!(listed.stdout.contains("fast") && listed.stdout.contains("hyper"), "{}", listed.stdout);

    // The same client again: however noisy this machine is, it does not take half as long again.
    let same = wlx(&["compare", "--baseline", "fast", "--last", "--fail-above", "50%"]).expect_success();
    assert!(same.stdout.contains("download-many by hyper"), "{}", same.stdout);
    let again = wlx(&["compare", "--baseline", "fast", "--fail-above", "60%", "--rounds", "12"]).expect_success();
    assert!(again.stdout.contains("the baseline fast"), "{}", again.stdout);

    // A baseline that is ten times as fast.
    let path = context.work().join(".wlx/baselines/fast.json");
    let text = std::fs::read_to_string(&path).expect("the baseline is a file");
    let mut baseline: Value = serde_json::from_str(&text).expect("it is JSON");
    for repeat in baseline["runs"][0]["repeats"].as_array_mut().expect("it has repeats") {
        repeat["seconds"] = Value::from(number(&repeat["seconds"]) / 10.0);
    }
    context.write("faster.json", baseline.to_string());
    let slower = wlx(&["compare", "--baseline", "./faster.json", "--last", "--fail-above", "5%"]);
    slower.expect_code(3).expect_stderr("regression: download-many by hyper: now is slower than then: it takes");

    wlx(&["baseline", "remove", "fast"]).expect_success();
    wlx(&["compare", "--baseline", "fast", "--last"]).expect_code(1).expect_stderr("there is no baseline `fast`");
}
