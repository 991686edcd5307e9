//! What is served of runs that went well, and of others.

use prometheus_client::encoding::text::encode;
use workload_schema::event::{Progress, TaskEvent};
use workload_schema::record::{ErrorCount, ErrorKind, Outcome};

use super::{Endpoint, Tally};
use crate::store::RunId;
use crate::watch::Sight;
use crate::watch::tests::{Example, good};

fn run() -> RunId {
    RunId::new(1).expect("a number of a run")
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
    TaskEvent { repeat: 1, task, start_ns: 1_000, end_ns, first_byte_ns: None, bytes: 0, requests: None, error }
}

fn begun() -> Tally {
    let example = Example::new();
    let mut tally = Tally::default();
    tally.see(run(), &Sight::RunBegins(example.begins("sdk-rust")));
    tally.see(run(), &Sight::Hello(&example.hello("sdk-rust")));
    tally.see(run(), &Sight::RepeatBegins(1));
    tally
}

#[test]
fn what_is_served() {
    let mut tally = begun();
    tally.see(run(), &Sight::Progress(&progress(1 << 16)));
    for number in 0..3 {
        tally.see(run(), &Sight::Task(&task(number, 5, None)));
    }
    tally.see(run(), &Sight::Repeat(&good(1, 0.5)));
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
    tally.see(run(), &Sight::Progress(&progress(500)));
    grown(&tally, 500);
    tally.see(run(), &Sight::Progress(&progress(400)));
    grown(&tally, 500);
    tally.see(run(), &Sight::Repeat(&good(1, 0.5)));
    grown(&tally, 1000 << 16);
    tally.see(run(), &Sight::RepeatBegins(2));
    tally.see(run(), &Sight::Progress(&progress(500)));
    grown(&tally, (1000 << 16) + 500);
    // A second run of the same client on the same workload goes on where the first ended.
    tally.see(run(), &Sight::RunEnds { outcome: Outcome::Succeeded, reason: None });
    tally.see(run(), &Sight::RunBegins(Example::new().begins("sdk-rust")));
    grown(&tally, (1000 << 16) + 500);
}

#[test]
fn failures_are_counted_by_cause_and_are_no_throughput() {
    let mut tally = begun();
    tally.see(run(), &Sight::Task(&task(0, 5, None)));
    tally.see(run(), &Sight::Task(&task(1, 900, Some(ErrorKind::Throttled))));
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
    tally.see(run(), &Sight::Repeat(&failed));
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
