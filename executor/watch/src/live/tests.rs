//! Pictures of the view, as a terminal would show them.

use workload_schema::event::{LatencySoFar, Progress};
use workload_schema::record::Outcome;
use workload_schema::{ErrorCount, ErrorKind};

use super::Runs;
use crate::example::{Example, good, hello};
use runner_drive::RunEvent;
use workload_schema::{RunKey, SessionId};

fn run(ordinal: u32) -> RunKey {
    SessionId::new("session").unwrap().run(ordinal)
}

fn progress(repeat: u64, milliseconds: u64, bytes: u64) -> Progress {
    Progress {
        repeat,
        elapsed_ns: Some(milliseconds * 1_000_000),
        bytes,
        tasks: bytes >> 16,
        in_flight: Some(10),
        latency: Some(LatencySoFar { p50_ns: 1_234_000, p90_ns: 3_400_000, p99_ns: 20_500_000 }),
    }
}

/// Two good repeats and half of a third.
fn in_the_middle() -> Runs {
    let example = Example::of_downloads();
    let mut runs = Runs::default();
    runs.see(&run(1), &RunEvent::RunBegins(example.begins("sdk-rust")));
    runs.see(&run(1), &RunEvent::Hello(&hello("sdk-rust")));
    for repeat in 1..=2 {
        runs.see(&run(1), &RunEvent::RepeatBegins(repeat));
        for step in 1..=10 {
            runs.see(&run(1), &RunEvent::Progress(&progress(repeat, step * 100, step * (100 << 16))));
        }
        runs.see(&run(1), &RunEvent::Repeat(&good(repeat, 1.0)));
    }
    runs.see(&run(1), &RunEvent::RepeatBegins(3));
    for step in 1..=5 {
        runs.see(&run(1), &RunEvent::Progress(&progress(3, step * 100, step * step * (20 << 16))));
    }
    runs
}

#[test]
fn a_repeat_goes_on() {
    insta::assert_snapshot!(in_the_middle().lines(100, 24, false).join("\n"));
}

#[test]
fn a_narrow_and_low_terminal_shows_the_figures_alone() {
    let lines = in_the_middle().lines(40, 10, false);
    assert!(lines.len() < 10);
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_failed_repeat_is_no_throughput() {
    let mut runs = in_the_middle();
    let mut failed = good(3, 0.8);
    failed.errors.push(ErrorCount {
        kind: ErrorKind::Throttled,
        http_status: Some(503),
        s3_code: None,
        message: "slow down".to_owned(),
        count: 7,
    });
    runs.see(&run(1), &RunEvent::Repeat(&failed));
    let text = runs.lines(100, 24, true).join("\n");
    assert!(text.contains("\u{1b}[31m3: failed\u{1b}[0m"), "{text}");
    assert!(text.contains("\u{1b}[31mfailed tasks 7\u{1b}[0m"), "{text}");
}

#[test]
fn clients_that_wait_for_their_turn_have_a_line_each() {
    let example = Example::of_downloads();
    let mut runs = in_the_middle();
    runs.see(&run(2), &RunEvent::RunBegins(example.begins("hyper")));
    runs.see(&run(2), &RunEvent::RepeatBegins(1));
    runs.see(&run(2), &RunEvent::Repeat(&good(1, 0.5)));
    let text = runs.lines(100, 24, false).join("\n");
    assert!(text.contains("by hyper, repeat 1 of"), "{text}");
    assert!(
        text.contains("sdk-rust (aws-sdk-s3 1.2.3): 2 repeats, last 0.524 Gb/s, median of warm 0.524 Gb/s"),
        "{text}"
    );
    runs.see(&run(2), &RunEvent::RunEnds { outcome: Outcome::Succeeded, reason: None });
    assert!(runs.lines(100, 24, false).is_empty(), "nobody's turn");
}

#[test]
fn a_client_that_does_not_tell_how_far_it_is_is_said_to_be_one() {
    let example = Example::of_downloads();
    let mut runs = Runs::default();
    runs.see(&run(1), &RunEvent::RunBegins(example.begins("foreign")));
    for repeat in 1..=3 {
        runs.see(&run(1), &RunEvent::RepeatBegins(repeat));
        runs.see(&run(1), &RunEvent::Repeat(&good(repeat, 2.0)));
    }
    insta::assert_snapshot!(runs.lines(100, 24, false).join("\n"));
}

#[test]
fn no_size_of_terminal_breaks_it() {
    let runs = in_the_middle();
    for columns in [1, 2, 7, 80, 400] {
        for rows in [1, 2, 3, 8, 100] {
            let lines = runs.lines(columns, rows, false);
            assert!(lines.len() < usize::from(rows).max(2), "{columns} x {rows}: {} lines", lines.len());
            assert!(
                lines.iter().all(|line| line.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "").chars().count()
                    <= usize::from(columns))
            );
        }
    }
}
