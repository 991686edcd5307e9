//! `--metrics`: after a run Prometheus has what is stored.

use std::time::{Duration, Instant};

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::{EmbeddedServer, HandWritten, Prometheus, TestContext, numbered, ports, prepared};
use serde_json::Value;

use crate::results::{exported, good_repeats};

const REPEATS: u64 = 8;
const TASKS: u64 = 40;
const SIZE: u64 = 100_000;

/// A server that answers late, so that the run takes several scrapes.
fn begin() -> (EmbeddedServer, TestContext) {
    let workload = HandWritten::in_ram(&numbered("download", "watched", TASKS, SIZE)).repeats(REPEATS);
    let (server, context) = prepared(&[("watched", workload)]);
    let late = FaultKind::Latency { nanoseconds: 300_000_000 };
    server.misbehave(&[FaultRule::always(late).on("GetObject")]);
    (server, context)
}

fn sum(repeats: &[Value], field: &str) -> f64 {
    repeats.iter().map(|repeat| repeat[field].as_f64().unwrap_or_else(|| panic!("no {field} in {repeat}"))).sum()
}

/// Requires that a query yields `wanted`, at once or soon: Prometheus may not have stored it yet.
#[track_caller]
fn assert_value(prometheus: &Prometheus, query: &str, wanted: f64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found = prometheus.value(query);
        let equal = found.is_some_and(|found| (found - wanted).abs() <= wanted.abs() * 1e-9);
        if equal {
            return;
        }
        assert!(Instant::now() < deadline, "{query} is {found:?}, not {wanted}");
        std::thread::yield_now();
    }
}

#[test]
fn prometheus_has_what_is_stored() {
    let (_server, context) = begin();
    let address = format!("127.0.0.1:{}", ports::free());
    let prometheus = Prometheus::scraping(&address);
    let run = context.wlx().args(["run", "watched", "--metrics", &address]);
    // wlx ends with the first scrape after the run, so this is only how long a failing test takes.
    run.args(["--metrics-linger", "60"]).run().expect_success().expect_stderr(&format!("http://{address}/metrics"));

    let runs = exported(&context);
    let repeats = good_repeats(&runs[0]);
    assert_eq!(repeats.len() as u64, REPEATS);
    // The target is gone by now. These are the last values that it served.
    let last = |metric: &str| format!("last_over_time({metric}[10m])");
    let labels = r#"client="sdk-rust",workload="watched",action="download""#;
    let is = |metric: &str, wanted: f64| assert_value(&prometheus, &last(metric), wanted);
    is(&format!("wlx_bytes_moved_total{{{labels}}}"), (REPEATS * TASKS * SIZE) as f64);
    is(r#"wlx_tasks_total{outcome="succeeded"}"#, (REPEATS * TASKS) as f64);
    is(r#"wlx_tasks_total{outcome="failed"}"#, 0.0);
    is(r#"wlx_repeats_total{outcome="succeeded"}"#, REPEATS as f64);
    is("wlx_requests_total", sum(&repeats, "requests"));
    is("wlx_retries_total", sum(&repeats, "retries"));
    is(r#"wlx_cpu_seconds_total{mode="user"}"#, sum(&repeats, "cpuUserSeconds"));
    is(r#"wlx_cpu_seconds_total{mode="system"}"#, sum(&repeats, "cpuSystemSeconds"));
    is("wlx_task_duration_seconds_count", (REPEATS * TASKS) as f64);
    is("wlx_tasks_in_flight", 0.0);
    let end = repeats.last().expect("there are some");
    is("wlx_repeat_seconds", sum(std::slice::from_ref(end), "seconds"));
    is("wlx_peak_memory_bytes", sum(std::slice::from_ref(end), "peakMemoryBytes"));
    let bits = (TASKS * SIZE * 8) as f64 / sum(std::slice::from_ref(end), "seconds");
    is("wlx_throughput_bits_per_second", bits);
    let version = runs[0]["hello"]["clientVersion"].as_str().expect("the client tells its version");
    is(&format!(r#"wlx_run_info{{client_version="{version}"}}"#), 1.0);
    // Each task waits 0.3 s for its answer, so none may be in a faster bucket.
    assert_value(&prometheus, "sum(last_over_time(wlx_task_duration_seconds_bucket{le=\"0.22\"}[10m]))", 0.0);

    let samples = prometheus.query("wlx_bytes_moved_total[10m]");
    let samples = samples[0]["values"].as_array().expect("samples over time");
    let bytes: Vec<f64> = samples.iter().map(|it| it[1].as_str().expect("text").parse().expect("a number")).collect();
    assert!(bytes.is_sorted(), "a counter went back: {bytes:?}");
    let mut steps = bytes.clone();
    steps.dedup();
    assert!(steps.len() > 3, "seen only at {steps:?} while it ran");
    let last = samples.last().expect("there are some")[0].as_f64().expect("a time");
    assert_the_dashboard_shows_something(&prometheus, last);
}

/// Requires that every query of the dashboard yields something, with everything selected, as of a time during the run.
fn assert_the_dashboard_shows_something(prometheus: &Prometheus, at: f64) {
    let path = end_to_end::binaries::workspace_root().join("docs/grafana-dashboard.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let dashboard: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().expect("queries") {
            let query = target["expr"].as_str().expect("a query");
            let query = query.replace("$client", ".*").replace("$workload", ".*");
            let query = query.replace("$__rate_interval", "10m").replace("$__range", "10m");
            let series = prometheus.query_at(&query, at);
            // Nothing failed in this run.
            assert_eq!(series.is_empty(), query.contains("wlx_errors_total"), "{query} gives {series:?}");
        }
    }
}

#[test]
fn failures_have_their_cause() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule::always(FaultKind::TruncateBody { after_bytes: 10 }).on("GetObject")]);
    let address = format!("127.0.0.1:{}", ports::free());
    let prometheus = Prometheus::scraping(&address);
    let run = context.wlx().args(["run", "watched", "--client", "hyper", "--metrics", &address]);
    run.args(["--metrics-linger", "60"]).run().expect_code(1);
    let runs = exported(&context);
    for error in runs[0]["repeats"][0]["errors"].as_array().expect("it failed") {
        let kind = error["kind"].as_str().expect("a cause");
        let query = format!(r#"sum(last_over_time(wlx_errors_total{{kind="{kind}"}}[10m]))"#);
        let of_kind = runs[0]["repeats"][0]["errors"].as_array().into_iter().flatten();
        let wanted = of_kind.filter(|error| error["kind"] == kind).filter_map(|error| error["count"].as_f64()).sum();
        assert_value(&prometheus, &query, wanted);
    }
    assert_value(&prometheus, r#"last_over_time(wlx_repeats_total{outcome="failed"}[10m])"#, 1.0);
    assert_eq!(prometheus.value("last_over_time(wlx_throughput_bits_per_second[10m])"), None);
}

#[test]
fn an_address_that_is_taken_is_said_before_anything_runs() {
    let (server, context) = begin();
    server.record();
    let taken = server.endpoint().authority();
    let run = context.wlx().args(["run", "watched", "--metrics", taken]).run();
    run.expect_code(2).expect_stderr(&format!("cannot serve metrics on {taken}: Address already in use"));
    assert_eq!(server.recorded("GetObject"), Vec::<Value>::new());
}

#[test]
fn nobody_who_scrapes_is_not_waited_for_for_ever() {
    let (server, context) = begin();
    server.misbehave(&[]);
    let run = context.wlx().args(["run", "watched", "--metrics", "127.0.0.1:0"]);
    let finished = run.args(["--metrics-linger", "1"]).run().expect_success();
    finished.expect_stderr("warning: nobody fetched the last metrics within 1 s");
}
