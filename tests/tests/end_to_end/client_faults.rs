//! What goes wrong for a client fails its run, with the client's own words. The clients after it still run, no process is left,
//! and the exit code says that something failed.

use std::time::Duration;

use embedded_s3::admin::{FaultKind, FaultRule};
use end_to_end::{Child, EmbeddedServer, HandWritten, TestContext, numbered, prepared};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client_table::{CLIENTS, COMMAND_LINE};
use crate::disk_full::on_a_small_disk;
use crate::results::{exported, good_repeats, runs_in};

/// Workloads to go wrong, and all clients to run them.
fn begin() -> (EmbeddedServer, TestContext) {
    let (server, mut context) = prepared(&[
        ("up", HandWritten::on_disk(&numbered("upload", "one", 1, 20 << 20))),
        ("down", HandWritten::on_disk(&numbered("download", "one", 1, 20 << 20))),
        ("many", HandWritten::on_disk(&numbered("download", "many", 10, 20_000))),
        ("endless", endless(6)),
    ]);
    context.add_clients();
    // Added too late to be prepared.
    context.add("absent", &HandWritten::on_disk(&numbered("download", "absent", 1, 7)));
    (server, context)
}

/// A workload that is repeated for so many seconds.
fn endless(seconds: u64) -> HandWritten {
    let endless = HandWritten::in_ram(&numbered("upload", "endless", 1, 100_000)).repeats(1_000_000);
    endless.with("maxRepeatSecs", json!(seconds))
}

/// Runs one workload with all clients, which must end with `code`, and returns the runs.
fn run_all(context: &TestContext, workload: &str, code: i32) -> Vec<Value> {
    let run = context.wlx().args(["run", workload, "--client", "all", "--format", "json"]);
    let output = run.limit(Duration::from_mins(10)).run().expect_code(code);
    context.assert_nothing_left_running();
    let runs = runs_in(&output.json());
    assert_eq!(runs.len(), CLIENTS.len(), "every client runs, whatever happens to the others");
    runs
}

/// Requires that a run failed, with causes of these `kinds` only and with one of `words`.
#[track_caller]
fn assert_failed(run: &Value, kinds: &[&str], words: &[&str]) {
    assert_eq!(run["outcome"], "failed", "{run:#}");
    let reason = run["reason"].as_str().unwrap_or_default();
    assert!(words.iter().any(|word| reason.contains(word)), "none of {words:?} in {run:#}");
    let errors: Vec<&Value> = run["repeats"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|repeat| repeat["errors"].as_array().into_iter().flatten())
        .collect();
    assert!(!errors.is_empty(), "{run:#}");
    assert!(errors.iter().all(|error| kinds.iter().any(|kind| error["kind"] == *kind)), "no {kinds:?}: {run:#}");
}

#[test]
fn a_missing_key() {
    let (_server, context) = begin();
    for run in run_all(&context, "absent", 1) {
        assert!(good_repeats(&run).is_empty(), "{run:#}");
        if COMMAND_LINE.iter().any(|client| run["client"] == *client) {
            // Looked up before the command starts, as not every command fails without it.
            assert_eq!(run["outcome"], "failed", "{run:#}");
            let reason = "the object to download, download/absent/1, does not exist; make it with wlx prep bucket";
            assert_eq!(run["reason"], reason, "{run:#}");
        } else {
            assert_failed(&run, &["missingKey"], &["NoSuchKey", "404", "not found"]);
        }
    }
}

#[test]
fn wrong_credentials() {
    let (_server, mut context) = begin();
    context.set("AWS_SECRET_ACCESS_KEY", "wrong");
    for run in run_all(&context, "up", 1) {
        if run["client"] == "cli-crt" {
            // It says no more than this.
            assert_failed(&run, &["runner"], &["AWS_ERROR_S3_INVALID_RESPONSE_STATUS"]);
        } else {
            assert_failed(&run, &["denied"], &["SignatureDoesNotMatch", "403", "Forbidden"]);
        }
        assert!(good_repeats(&run).is_empty(), "{run:#}");
    }
}

/// A client that retries often enough succeeds. One that does not says what stopped it.
#[test]
fn busy_for_a_while() {
    let (server, context) = begin();
    server.misbehave(&[FaultRule { rate: 0.25, ..FaultRule::always(FaultKind::SlowDown).on("GetObject") }]);
    let run = context.wlx().args(["run", "many", "--client", "all", "--format", "json", "--verify"]);
    let (code, output) = run.limit(Duration::from_mins(10)).run().expect_one_of(&[0, 1]);
    context.assert_nothing_left_running();
    let runs = runs_in(&output.json());
    assert_eq!(runs.len(), CLIENTS.len());
    let mut through = 0;
    for run in &runs {
        if run["outcome"] == "succeeded" {
            through += 1;
            let repeats = good_repeats(run);
            assert_eq!(repeats.len(), 1, "{run:#}");
            assert_eq!(run["verified"]["tasks"], 10, "{run:#}");
        } else {
            assert_failed(run, &["throttled"], &["SlowDown", "503", "throttling"]);
        }
    }
    assert!(through >= CLIENTS.len() / 2, "only {through} succeed");
    let retries: u64 = runs.iter().flat_map(good_repeats).filter_map(|repeat| repeat["retries"].as_u64()).sum();
    assert!(retries > 0, "retries are counted for the clients that report them");
    assert_eq!(code, i32::from(through < CLIENTS.len()));
}

/// The disk has room when `wlx` looks, and none when the clients write: the first of them fills it.
#[test]
fn a_full_disk() {
    let (_server, context) = begin();
    let fill = "dd if=/dev/zero of=filler bs=1M count=64 2>/dev/null; echo Skipping benchmark - filled >&2; exit 123";
    context.write("wlx.toml", format!("[clients.filler]\ncommand = \"sh -c '{fill}'\"\n"));
    let run = ["run", "down", "--client", "filler,all", "--format", "json"];
    let output = on_a_small_disk(&context, 40, &run).expect_code(1).expect_stderr("hint: check the free space");
    context.assert_nothing_left_running();
    let runs = runs_in(&output.json());
    assert_eq!(runs[0]["reason"], "filled", "{:#}", runs[0]);
    assert_eq!(runs.len(), CLIENTS.len() + 1);
    for run in &runs[1..] {
        assert_failed(run, &["disk"], &["No space left", "no space left", "Out of space"]);
        assert!(good_repeats(run).is_empty(), "{run:#}");
    }
}

/// Starts the workload that takes seconds with two clients, and waits for the first repeat.
fn start_endless(context: &TestContext, client: &str, more: &[&str]) -> Child {
    let run = context.wlx().args(["run", "endless", "--client", &format!("{client},hyper")]).args(more);
    let mut child = run.start();
    child.wait_for_stdout("Run:1 ");
    child
}

/// The two runs that [`start_endless`] started. At least one must have failed.
fn ended(context: &TestContext, child: Child) -> (Value, Value) {
    child.wait().expect_code(1);
    context.assert_nothing_left_running();
    let runs = exported(context);
    // Newest first.
    let [later, first] = &runs[..] else { panic!("{runs:#?}") };
    assert!(!good_repeats(first).is_empty(), "what was finished counts: {first:#}");
    (first.clone(), later.clone())
}

fn assert_survives_no_server(client: &str, more: &[&str], kinds: &[&str], words: &[&str]) {
    let (mut server, context) = begin();
    // Longer than a command line that is slow to start needs for its first repeat.
    context.add("endless", &endless(60));
    let child = start_endless(&context, client, more);
    server.process().signal(Signal::KILL);
    let (first, later) = ended(&context, child);
    if kinds.is_empty() {
        assert_eq!(first["outcome"], "failed", "{first:#}");
        assert!(words.iter().any(|word| first["reason"].as_str().unwrap_or_default().contains(word)), "{first:#}");
    } else {
        assert_failed(&first, kinds, words);
    }
    assert_failed(&later, &["connection"], &["Connection refused"]);
}

const GONE: [&str; 7] =
    ["refused", "reset", "closed", "Could not connect", "Connect call failed", "broken pipe", "disconnected"];

#[test]
fn the_server_is_gone_in_mid_run_of_rust_clients() {
    for client in ["sdk-rust", "sdk-rust-tm", "object-store", "crt-rust"] {
        assert_survives_no_server(client, &[], &["connection"], &GONE);
    }
}

#[test]
fn the_server_is_gone_in_mid_run_of_python_clients() {
    for client in ["crt-python", "boto3-classic", "aiohttp", "requests"] {
        assert_survives_no_server(client, &[], &["connection"], &GONE);
    }
}

#[test]
fn the_server_is_gone_in_mid_run_of_command_line_clients() {
    assert_survives_no_server("cli-classic", &[], &["connection"], &GONE);
    // These retry for minutes.
    for client in ["s5cmd", "rclone"] {
        assert_survives_no_server(client, &["--timeout", "2"], &[], &["no repeat ended within 2 s (--timeout)"]);
    }
}

/// Kills the process of this test whose command line has all of `words`.
fn kill(context: &TestContext, words: &[&str]) {
    let command = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let fits = |pid: &u32| {
        let line = command(pid);
        words.iter().all(|word| line.split('\0').any(|argument| argument.ends_with(word)))
    };
    // A command-line client may be between two repeats, without a command.
    let pid = (0..1000).find_map(|_| {
        let found = context.processes_left().into_iter().find(fits);
        if found.is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        found
    });
    let pid = pid.unwrap_or_else(|| panic!("no process with {words:?}"));
    let status = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
    assert!(status.expect("kill can be started").success());
}

#[test]
fn a_killed_runner() {
    for client in ["sdk-rust", "boto3-classic", "s5cmd"] {
        let (_server, context) = begin();
        let child = start_endless(&context, client, &[]);
        kill(&context, &["endless.run.json", client]);
        let (first, later) = ended(&context, child);
        assert_eq!(first["outcome"], "failed", "{first:#}");
        let reason = first["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("the runner was ended by signal: 9 (SIGKILL)"), "{first:#}");
        assert_eq!(later["outcome"], "succeeded", "{later:#}");
    }
}

#[test]
fn a_killed_command() {
    let (_server, context) = begin();
    let child = start_endless(&context, "s5cmd", &[]);
    kill(&context, &["bin/s5cmd", "pipe"]);
    let (first, later) = ended(&context, child);
    assert_failed(&first, &["runner"], &["signal: 9 (SIGKILL)"]);
    assert_eq!(later["outcome"], "succeeded", "{later:#}");
}
