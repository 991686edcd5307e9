//! `--live`: what a person sees in the terminal during a run, and what remains afterwards.

use std::time::Duration;

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::components::of_the_system;
use end_to_end::process::Invocation;
use end_to_end::{EmbeddedServer, HandWritten, Screen, TestContext, binaries, numbered, prepared};
use rustix::process::{Pid, Signal, kill_process};

const COLUMNS: u16 = 100;
const ROWS: u16 = 30;
/// Texts that only the view shows.
const OF_THE_VIEW: [&str; 3] = ["in flight", "over the time on the clock", "failed tasks"];

/// A server that answers late, so that each repeat of the workload takes a second.
fn begin(repeats: u64) -> (EmbeddedServer, TestContext) {
    let workload = HandWritten::in_ram(&numbered("download", "seen", 100, 100_000)).repeats(repeats);
    let (server, mut context) = prepared(&[("seen", workload)]);
    context.set("TERM", "xterm-256color");
    let late = FaultKind::Latency { nanoseconds: 250_000_000 };
    server.misbehave(&[FaultRule::always(late).on("GetObject")]);
    (server, context)
}

/// `wlx run seen` with `flags`, in a terminal whose modes are printed before and after.
fn in_a_terminal(context: &TestContext, flags: &str) -> Invocation {
    command_in_a_terminal(context, &format!("run seen {flags}"))
}

fn command_in_a_terminal(context: &TestContext, command: &str) -> Invocation {
    let wlx = binaries::binary("wlx");
    let run = format!("{} {command}", wlx.display());
    let commands = format!(
        "stty cols {COLUMNS} rows {ROWS}; echo modes $(stty -g); sh -c 'echo $$ > pid; exec {run}'; \
         echo code $?; echo modes $(stty -g)"
    );
    context.program(&of_the_system("script")).args(["-qec", &commands, "/dev/null"]).limit(Duration::from_mins(2))
}

/// Requires that the terminal is as it was.
#[track_caller]
fn assert_restored(output: &str, screen: &Screen) {
    let modes: Vec<&str> = output.lines().filter(|line| line.starts_with("modes ")).map(str::trim_end).collect();
    assert_eq!(modes.len(), 2, "{output}");
    assert_eq!(modes[0], modes[1]);
    assert!(screen.is_restored());
}

/// The first state of the screen that shows all of `texts`.
fn picture(output: &str, texts: &[&str]) -> String {
    let mut screen = Screen::new(COLUMNS, ROWS);
    for line in output.split_inclusive(['\n', '\r']) {
        screen.draw(line.as_bytes());
        let contents = screen.contents();
        if texts.iter().all(|text| contents.contains(text)) {
            return contents;
        }
    }
    panic!("never seen together: {texts:?}\n{output}")
}

#[test]
fn a_view_while_it_runs_and_only_the_results_afterwards() {
    let (_server, context) = begin(4);
    let output = in_a_terminal(&context, "--live").run().expect_success().stdout;
    let seen = picture(&output, &["Run:2 ", "repeat 3 of at most 4", "in flight", "p99", "over the time on the clock"]);
    let place = |text: &str| seen.find(text).unwrap_or_else(|| panic!("no {text} in\n{seen}"));
    assert!(place("Run:1 ") < place("Run:2 ") && place("Run:2 ") < place("repeat 3 of"), "lines are above it:\n{seen}");
    assert!(seen.contains("median of warm") && seen.contains("requests 200   retries 0   failed tasks 0"), "{seen}");
    assert!(seen.chars().any(|it| ('\u{2801}'..='\u{28ff}').contains(&it)), "a line in the chart:\n{seen}");

    let mut screen = Screen::new(COLUMNS, ROWS);
    screen.draw(output.as_bytes());
    assert_restored(&output, &screen);
    let left = screen.with_scrollback();
    for text in ["Run:1 ", "Run:4 ", "median", "code 0"] {
        assert!(left.contains(text), "{text} is not left:\n{left}");
    }
    for text in OF_THE_VIEW {
        assert!(!left.contains(text), "{text} is left:\n{left}");
    }
    assert!(!output.contains("\u{1b}[36m"), "NO_COLOR is set");
}

#[test]
fn colours_where_they_are_wanted() {
    let (_server, context) = begin(2);
    let output = in_a_terminal(&context, "--live").env("NO_COLOR", "").run().expect_success().stdout;
    assert!(output.contains("\u{1b}[36m"), "the chart has a colour");
}

#[test]
fn an_early_end_leaves_the_terminal_as_it_was() {
    for signal in [Signal::INT, Signal::KILL] {
        let (_server, context) = begin(1000);
        let mut child = in_a_terminal(&context, "--live").start();
        child.wait_for_stdout("Run:2 ");
        let pid = std::fs::read_to_string(context.work().join("pid")).expect("written before it began");
        let pid = pid.trim().parse().ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, signal).expect("it still runs");
        let output = child.wait().expect_success().stdout;
        let mut screen = Screen::new(COLUMNS, ROWS);
        screen.draw(output.as_bytes());
        assert_restored(&output, &screen);
        let left = screen.with_scrollback();
        assert!(left.contains("Run:1 ") && left.contains("Run:2 "), "{left}");
        if signal == Signal::INT {
            assert!(left.contains("interrupted") && left.contains("code 130"), "{left}");
            assert!(OF_THE_VIEW.iter().all(|text| !left.contains(text)), "{left}");
        }
    }
}

#[test]
fn the_bar_without_it_and_nothing_without_a_terminal() {
    let (_server, context) = begin(3);
    let output = in_a_terminal(&context, "").run().expect_success().stdout;
    assert!(OF_THE_VIEW.iter().all(|text| !output.contains(text)), "not asked for:\n{output}");
    picture(&output, &["seen by sdk-rust repeat 2 ["]);
    let run = context.wlx().args(["run", "seen", "--live"]);
    let finished = run.run().expect_success().expect_stderr("--live draws nothing: stderr is not a terminal");
    for text in OF_THE_VIEW.iter().chain(&["\u{1b}[", "[="]) {
        assert!(!finished.stderr.contains(text) && !finished.stdout.contains(text), "{text} is drawn");
    }
    let output = in_a_terminal(&context, "--live --no-progress").run().expect_success().stdout;
    assert!(output.contains("--live draws nothing") && !output.contains("in flight"), "{output}");
}

#[test]
fn clients_that_take_turns_are_seen_side_by_side() {
    let (_server, context) = begin(10);
    let compare = "compare seen --clients sdk-rust,hyper --live --rounds 4 --time 60";
    let output = command_in_a_terminal(&context, compare).run().expect_success().stdout;
    for (present, waits) in [("seen by sdk-rust (", "hyper ("), ("seen by hyper (", "sdk-rust (")] {
        let seen = picture(&output, &[present, "repeats, last"]);
        let below = seen.rsplit("failed tasks").next().expect("there is always one");
        assert!(below.contains(waits) && below.contains("repeats, last"), "{seen}");
    }
    let mut screen = Screen::new(COLUMNS, ROWS);
    screen.draw(output.as_bytes());
    assert_restored(&output, &screen);
    let left = screen.with_scrollback();
    assert!(left.contains("code 0") && OF_THE_VIEW.iter().all(|text| !left.contains(text)), "{left}");
}
