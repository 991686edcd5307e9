//! What is served of runs that went well, and of others.

use std::collections::BTreeSet;

use prometheus_client::encoding::text::encode;
use workload_schema::event::{Progress, TaskEvent};
use workload_schema::record::Outcome;
use workload_schema::{ErrorCount, ErrorKind};

use super::endpoint::Endpoint;
use super::tally::Tally;
use crate::example::{Example, good, hello};
use runner_drive::RunEvent;
use workload_schema::{RunKey, SessionId};

fn run() -> RunKey {
    SessionId::new("session").unwrap().run(1)
}

fn text(tally: &Tally) -> String {
    let mut text = String::new();
    encode(&mut text, &tally.values().register()).expect("a string takes everything");
    text
}

/// The value of the series that begins with `name` and has all of `labels`.
fn value(text: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let line = text.lines().find(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{')) && labels.iter().all(|it| line.contains(it))
    })?;
    line.rsplit(' ').next()?.parse().ok()
}

fn progress(bytes: u64) -> Progress {
    Progress { repeat: 1, elapsed_ns: Some(1), bytes, tasks: 0, in_flight: Some(8), latency: None }
}

fn task(task: u64, milliseconds: u64, error: Option<ErrorKind>) -> TaskEvent {
    let end_ns = 1_000 + milliseconds * 1_000_000;
    TaskEvent {
        repeat: 1,
        task,
        intended_start_ns: None,
        start_ns: 1_000,
        end_ns,
        first_byte_ns: None,
        bytes: 0,
        requests: None,
        error,
    }
}

fn begun() -> Tally {
    let example = Example::of_downloads();
    let mut tally = Tally::default();
    tally.see(&run(), &RunEvent::RunBegins(example.begins("sdk-rust")));
    tally.see(&run(), &RunEvent::Hello(&hello("sdk-rust")));
    tally.see(&run(), &RunEvent::RepeatBegins(1));
    tally
}

#[test]
fn what_is_served() {
    let mut tally = begun();
    tally.see(&run(), &RunEvent::Progress(&progress(1 << 16)));
    for number in 0..3 {
        tally.see(&run(), &RunEvent::Task(&task(number, 5, None)));
    }
    tally.see(&run(), &RunEvent::Repeat(&good(1, 0.5)));
    // In the order of names: that of labels changes from one process to the next.
    let text = text(&tally);
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn counters_never_go_back() {
    let mut tally = begun();
    let mut last = 0.0;
    let mut grown = |tally: &Tally, to: u64| {
        let bytes = value(&text(tally), "wlx_bytes_moved_total", &[]).expect("it is there");
        assert!(bytes >= last, "{bytes} after {last}");
        assert!((bytes - to as f64).abs() < 0.5, "{bytes}, not {to}");
        last = bytes;
    };
    grown(&tally, 0);
    tally.see(&run(), &RunEvent::Progress(&progress(500)));
    grown(&tally, 500);
    tally.see(&run(), &RunEvent::Progress(&progress(400)));
    grown(&tally, 500);
    tally.see(&run(), &RunEvent::Repeat(&good(1, 0.5)));
    grown(&tally, 1000 << 16);
    tally.see(&run(), &RunEvent::RepeatBegins(2));
    tally.see(&run(), &RunEvent::Progress(&progress(500)));
    grown(&tally, (1000 << 16) + 500);
    // A second run of the same client on the same workload goes on where the first ended.
    tally.see(&run(), &RunEvent::RunEnds { outcome: Outcome::Succeeded, reason: None });
    tally.see(&run(), &RunEvent::RunBegins(Example::of_downloads().begins("sdk-rust")));
    grown(&tally, (1000 << 16) + 500);
}

#[test]
fn failures_are_counted_by_cause_and_are_no_throughput() {
    let mut tally = begun();
    tally.see(&run(), &RunEvent::Task(&task(0, 5, None)));
    tally.see(&run(), &RunEvent::Task(&task(1, 900, Some(ErrorKind::Throttled))));
    let mut failed = good(1, 0.5);
    failed.bytes = 1 << 16;
    failed.errors.push(ErrorCount {
        kind: ErrorKind::Throttled,
        http_status: Some(503),
        s3_code: None,
        message: "slow down".to_owned(),
        count: 1,
    });
    failed.cpu_user_seconds = Some(f64::NAN);
    tally.see(&run(), &RunEvent::Repeat(&failed));
    let text = text(&tally);
    let of = |name: &str, labels: &[&str]| value(&text, name, labels);
    assert_eq!(of("wlx_errors_total", &["kind=\"throttled\""]), Some(1.0));
    assert_eq!(of("wlx_tasks_total", &["outcome=\"failed\""]), Some(1.0));
    assert_eq!(of("wlx_tasks_total", &["outcome=\"succeeded\""]), Some(1.0));
    assert_eq!(of("wlx_repeats_total", &["outcome=\"failed\""]), Some(1.0));
    assert_eq!(of("wlx_repeats_total", &["outcome=\"succeeded\""]), Some(0.0));
    assert_eq!(of("wlx_throughput_bits_per_second", &[]), None);
    assert_eq!(of("wlx_task_duration_seconds_count", &[]), Some(1.0), "failed tasks are not pooled with the others");
    assert_eq!(of("wlx_cpu_seconds_total", &["mode=\"user\""]), None);
    assert_eq!(of("wlx_cpu_seconds_total", &["mode=\"system\""]), Some(0.125));
}

#[tokio::test]
async fn an_address_in_use_is_said_so() {
    let first = Endpoint::open("127.0.0.1:0".parse().unwrap(), Tally::default().values().register()).await.unwrap();
    let error = Endpoint::open(first.address(), Tally::default().values().register()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot serve metrics on {}", first.address()));
    first.close().await;
}

/// Names of metrics that `text` has, however they stand in it.
fn names_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with("wlx_")).collect()
}

/// All expressions of a dashboard: of its panels, and of its variables.
fn expressions(dashboard: &serde_json::Value) -> Vec<&str> {
    let list = |value: &serde_json::Value| value.as_array().expect("a list").len();
    let mut all = Vec::new();
    for panel in (0..list(&dashboard["panels"])).map(|place| &dashboard["panels"][place]) {
        let targets = panel["targets"].as_array().expect("a panel has queries");
        all.extend(targets.iter().map(|target| target["expr"].as_str().expect("an expression")));
    }
    let variables = dashboard["templating"]["list"].as_array().expect("it has variables");
    all.extend(variables.iter().filter_map(|variable| variable["definition"].as_str()));
    all
}

#[test]
fn the_dashboard_asks_for_what_is_served() {
    let dashboard: serde_json::Value =
        serde_json::from_str(include_str!("../../../../docs/grafana-dashboard.json")).expect("JSON");
    let mut tally = begun();
    let mut record = good(1, 0.5);
    record.errors.push(ErrorCount {
        kind: ErrorKind::Other,
        http_status: None,
        s3_code: None,
        message: String::new(),
        count: 1,
    });
    tally.see(&run(), &RunEvent::Task(&task(0, 5, None)));
    tally.see(&run(), &RunEvent::Repeat(&record));
    tally.see(&run(), &RunEvent::Repeat(&good(2, 0.5)));
    let served = text(&tally);
    let samples: Vec<&str> = served.lines().filter(|line| !line.starts_with('#')).collect();
    let samples = samples.join("\n");
    let (served, monitoring) = (names_in(&samples), include_str!("../../../../docs/monitoring.md"));
    let asked: BTreeSet<&str> = expressions(&dashboard).into_iter().flat_map(names_in).collect();
    assert!(asked.len() >= 10, "{asked:?}");
    assert!(asked.is_subset(&served), "not served: {:?}", asked.difference(&served).collect::<Vec<_>>());
    let documented = names_in(monitoring);
    let of_histogram =
        |name: &str| ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).map(str::to_owned);
    for name in served {
        let family = of_histogram(name).unwrap_or_else(|| name.to_owned());
        assert!(documented.contains(family.as_str()), "docs/monitoring.md does not have {family}");
    }
}

/// What Grafana needs to import one: it has no validator of its own outside of the server.
#[test]
fn the_dashboard_is_one() {
    let dashboard: serde_json::Value =
        serde_json::from_str(include_str!("../../../../docs/grafana-dashboard.json")).expect("JSON");
    assert!(dashboard["title"].is_string() && dashboard["schemaVersion"].as_u64() >= Some(36));
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<u64> = panels.iter().filter_map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len(), "each panel has an id of its own");
    for panel in panels {
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "whatever it is called where it is imported");
        let place = |field: &str| panel["gridPos"][field].as_u64().expect("a place");
        assert!(place("x") + place("w") <= 24 && place("h") > 0);
    }
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    assert!(variables.iter().any(|it| it["name"] == "datasource" && it["query"] == "prometheus"));
}
