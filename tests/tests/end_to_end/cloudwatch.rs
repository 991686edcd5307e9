//! `--cloudwatch`: what arrives there is what is stored.

use end_to_end::{EmbeddedServer, HandWritten, Moto, TestContext};
use serde_json::{Value, json};

use crate::results::{exported, good_repeats};

/// A workload of 4 MB in four tasks, done `repeats` times.
fn workload(repeats: u64) -> HandWritten {
    let tasks: Vec<String> = (1..=4).map(|number| format!("upload/numbers/{number}")).collect();
    let tasks: Vec<(&str, &str, u64)> = tasks.iter().map(|key| ("upload", key.as_str(), 1_000_000)).collect();
    HandWritten::in_ram(&tasks).with("maxRepeatCount", json!(repeats))
}

/// What the fake was told.
fn told(context: &TestContext, moto: &Moto) -> Vec<Value> {
    let told = context.python("cloudwatch.py").arg(moto.url()).run().expect_success().json();
    told.as_array().unwrap_or_else(|| panic!("no list in {told}")).clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Requires that a metric has just these values.
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
    // With an endpoint of S3 in the variables that AWS's own tools would take for CloudWatch's as well.
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    // More than one request has room for.
    context.write("workloads/numbers.run.json", workload(120).text());
    let bucket = "numbers";
    context.wlx().args(["prep", "bucket", "--bucket", bucket]).run().expect_success();
    let run = context.wlx().args(["run", "numbers", "--bucket", bucket, "--client", "hyper"]);
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
    context.write("workloads/once.run.json", workload(1).text());
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
    context.write("workloads/once.run.json", workload(2).text());
    let nobody = format!("http://127.0.0.1:{}", end_to_end::ports::refused());
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
    context.write("workloads/once.run.json", workload(2).text());
    let run = context.wlx().args(["run", "once", "--scale", "1/2", "--cloudwatch"]);
    run.run().expect_code(2).expect_stderr("--cloudwatch takes no shrunk workloads");
}
