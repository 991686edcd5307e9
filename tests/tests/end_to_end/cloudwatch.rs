//! `--cloudwatch` pushes what is stored.

use end_to_end::{HandWritten, Moto, TestContext, numbered, ports, prepared};
use serde_json::{Value, json};

use crate::results::{exported, good_repeats, number};

/// A workload of 4 MB in four tasks, with `repeats` repeats.
fn workload(repeats: u64) -> HandWritten {
    HandWritten::in_ram(&numbered("upload", "numbers", 4, 1_000_000)).repeats(repeats)
}

/// What the fake has received.
fn told(context: &TestContext, moto: &Moto) -> Vec<Value> {
    let told = context.python("cloudwatch.py").arg(moto.url()).run().expect_success().json();
    told.as_array().unwrap_or_else(|| panic!("no list in {told}")).clone()
}

/// Requires that a metric has exactly these values.
fn assert_holds(metric: &Value, values: &[f64]) {
    let close = |name: &str, wanted: f64| {
        let found = number(&metric[name]);
        assert!((found - wanted).abs() <= wanted.abs() * 1e-9, "{name} is {found}, not {wanted}, in {metric}");
    };
    close("count", values.len() as f64);
    close("sum", values.iter().sum());
    close("minimum", values.iter().copied().fold(f64::INFINITY, f64::min));
    close("maximum", values.iter().copied().fold(0.0, f64::max));
}

#[test]
fn every_good_warm_repeat_arrives_once_for_each_metric() {
    let moto = Moto::start();
    // More repeats than fit into one request. The environment names an S3 endpoint, which AWS's own tools would use for CloudWatch
    // as well.
    let (_server, context) = prepared(&[("numbers", workload(120))]);
    let run = context.wlx().args(["run", "numbers", "--client", "hyper"]);
    run.args(["--cloudwatch", "--branch", "topic/1", "--instance-type", "c7gn.16xlarge"])
        .env("AWS_ENDPOINT_URL_CLOUDWATCH", moto.url())
        .run()
        .expect_success();

    let runs = exported(&context);
    let repeats = good_repeats(&runs[0]);
    assert_eq!(repeats.len(), 120);
    let seconds: Vec<f64> = repeats[1..].iter().map(|repeat| number(&repeat["seconds"])).collect();
    let gbps: Vec<f64> = seconds.iter().map(|seconds| 4_000_000.0 * 8.0 / 1e9 / seconds).collect();
    let metrics = told(&context, &moto);
    assert_eq!(metrics.len(), 2, "{metrics:?}");
    for (name, unit, values) in [("Throughput", "Gigabits/Second", gbps), ("Duration", "Seconds", seconds)] {
        let metric = metrics.iter().find(|metric| metric["name"] == name).expect("it was told");
        assert_eq!(metric["namespace"], "S3Benchmarks");
        assert_eq!(metric["units"], json!([unit]));
        let dimensions = json!({
            "S3Client": "hyper", "InstanceType": "c7gn.16xlarge", "Branch": "topic/1", "Workload": "numbers",
            "StorageClass": "S3Standard",
        });
        assert_eq!(metric["dimensions"], dimensions);
        assert_holds(metric, &values);
    }
}

#[test]
fn the_only_repeat_there_is_counts_and_clients_are_apart() {
    let moto = Moto::start();
    let mut context = TestContext::new();
    context.set("AWS_ACCESS_KEY_ID", "test");
    context.set("AWS_SECRET_ACCESS_KEY", "test");
    context.add("once", &workload(1));
    let run = context.wlx().args(["run", "once", "--client", "hyper,sdk-rust", "--cloudwatch"]);
    run.args(["--cloudwatch-endpoint-url", moto.url()]).run().expect_success();
    let metrics = told(&context, &moto);
    assert_eq!(metrics.len(), 4, "{metrics:?}");
    for run in exported(&context) {
        let client = &run["client"];
        let of_client = |metric: &&Value| metric["name"] == "Duration" && metric["dimensions"]["S3Client"] == *client;
        let metric = metrics.iter().find(of_client).expect("it was told");
        assert_eq!(metric["dimensions"]["Branch"], "unknown");
        assert_eq!(metric["dimensions"]["StorageClass"], "S3Standard");
        assert_holds(metric, &[number(&good_repeats(&run)[0]["seconds"])]);
    }
}

#[test]
fn a_push_that_fails_is_said_and_loses_nothing() {
    let context = TestContext::new();
    context.add("once", &workload(2));
    let nobody = format!("http://127.0.0.1:{}", ports::free());
    let run = context.wlx().args(["run", "once", "--cloudwatch", "--cloudwatch-endpoint-url", &nobody]);
    let run = run.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    run.run()
        .expect_success()
        .expect_stderr(&format!("warning: once by sdk-rust: cannot push to CloudWatch at {nobody}"));
    assert_eq!(good_repeats(&exported(&context)[0]).len(), 2);
}

#[test]
fn numbers_of_shrunk_workloads_are_not_mixed_with_others() {
    let context = TestContext::new();
    context.add("once", &workload(2));
    let run = context.wlx().args(["run", "once", "--scale", "1/2", "--cloudwatch"]);
    run.run().expect_code(2).expect_stderr("--cloudwatch takes no shrunk workloads");
}
