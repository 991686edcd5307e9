//! Runners of other makers, added by `[clients.NAME]`. One that knows only the published protocol completes our workloads. One that
//! misbehaves fails its own run, with its own words, and nothing else.

use std::time::{Duration, Instant};

use end_to_end::{EmbeddedServer, Finished, HandWritten, Output, TestContext, foreign, numbered, prepared};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::results::{exported, good_repeats, run_of};

/// A workload in each direction, and `runners` with their flags.
fn begin(runners: &[(&str, &str)]) -> (EmbeddedServer, TestContext) {
    let workload = |action| HandWritten::on_disk(&numbered(action, "foreign", 2, 150_000)).repeats(3);
    let (server, context) = prepared(&[("up", workload("upload")), ("down", workload("download"))]);
    let sections = runners.iter().map(|(name, flags)| foreign::section(name, flags) + "id = \"crt-perl\"\n");
    context.write("wlx.toml", sections.collect::<String>());
    (server, context)
}

#[test]
fn it_completes_our_workloads() {
    let runners = [("mine", ""), ("on-stderr", "--to-stderr"), ("older", "--older-form")];
    let (_server, context) = begin(&runners);
    let compiled = ["upload-64KiB-1x", "upload-64KiB-1x-ram", "download-64KiB-1x-ram"];
    context.add_workloads(&compiled);
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    let run = context.wlx().args(["run", "up", "down"]).args(compiled).arg("--verify");
    let output = run.args(["--client", "mine,on-stderr,older,sdk-rust"]).run().expect_success();
    assert_eq!(output.stdout.matches("\nRun:10 ").count(), 3 * 4, "{}", output.stdout);
    context.assert_nothing_left_running();
    let runs = exported(&context);
    for (name, _) in runners {
        for (workload, repeats, bytes) in
            [("up", 3, 300_000), ("down", 3, 300_000), (compiled[0], 10, 65_536), (compiled[2], 10, 65_536)]
        {
            let run = run_of(&runs, workload, name);
            assert_eq!(run["outcome"], "succeeded", "{run:#}");
            let good = good_repeats(&run);
            assert_eq!(good.len(), repeats, "{run:#}");
            assert!(good.iter().all(|repeat| repeat["bytes"] == bytes), "{run:#}");
            assert_eq!(run["hello"], Value::Null, "it speaks only the plain protocol: {run:#}");
        }
        // Uploaded objects are read back, and downloaded files are compared.
        assert_eq!(run_of(&runs, "up", name)["verified"]["bytes"], 300_000);
        assert_eq!(run_of(&runs, "down", name)["verified"]["bytes"], 300_000);
    }
}

/// Runs a runner that misbehaves, and another client after it. Returns how that ended, and the stored run of the first.
fn misbehaving(how: &str, more: &[&str]) -> (Finished, Value) {
    let (_server, context) = begin(&[("mine", &format!("--misbehave {how}"))]);
    let run = context.wlx().args(["run", "down", "--client", "mine,sdk-rust"]).args(more);
    let finished = run.run();
    context.assert_nothing_left_running();
    let runs = exported(&context);
    let later = run_of(&runs, "down", "sdk-rust");
    assert_eq!(later["outcome"], "succeeded", "{later:#}");
    (finished, run_of(&runs, "down", "mine"))
}

/// Requires that the run failed with these words, and that it has this number of good repeats.
#[track_caller]
fn assert_failed(output: Output, run: &Value, words: &str, repeats: usize) {
    assert_eq!(run["outcome"], "failed", "{run:#}");
    assert!(run["reason"].as_str().is_some_and(|reason| reason.contains(words)), "no `{words}` in {run:#}");
    assert_eq!(good_repeats(run).len(), repeats, "{run:#}");
    output.expect_stderr(words);
}

#[test]
fn a_skip_is_a_skip() {
    let (finished, run) = misbehaving("skip", &[]);
    finished.expect_success().expect_stderr("crt-perl cannot do that");
    assert_eq!(run["outcome"], "skipped", "{run:#}");
    assert_eq!(run["reason"], "crt-perl cannot do that");
}

#[test]
fn all_skipped_is_123() {
    let (_server, context) = begin(&[("mine", "--misbehave skip")]);
    context.wlx().args(["run", "down", "--client", "mine"]).run().expect_code(123);
    // This runner knows version 2 only.
    let later = HandWritten::in_ram(&[("upload", "upload/later", 9)]).with("version", json!(3));
    context.add("later", &later.with("checksum", json!("CRC64NVME")));
    let later = context.wlx().args(["run", "later", "--client", "mine"]).run();
    later.expect_code(123).expect_stderr("version 3 is not known");
}

#[test]
fn every_failure_is_told_in_its_own_words() {
    for (how, words, repeats) in [
        ("fail", "the disk is on fire", 1),
        ("exit-1", "exit code 1; its last words: Traceback: | ValueError: seven", 1),
        ("die-by-signal", "signal: 9 (SIGKILL); its last words: about to crash", 1),
        ("say-nothing", "without a single repeat", 0),
        ("garbage", "exit code 1", 1),
    ] {
        let (finished, run) = misbehaving(how, &[]);
        assert_failed(finished.expect_code(1), &run, words, repeats);
    }
}

#[test]
fn a_false_rate_is_no_good_repeat() {
    let (finished, run) = misbehaving("lie", &[]);
    assert_failed(finished.expect_code(1), &run, "1000 Gb/s", 0);
}

#[test]
fn a_child_that_is_left_behind_is_ended() {
    let started = Instant::now();
    let (finished, run) = misbehaving("leave-a-child", &[]);
    finished.expect_success();
    assert_eq!(good_repeats(&run).len(), 1, "{run:#}");
    assert!(started.elapsed() < Duration::from_secs(30), "it waited for the child");
}

#[test]
fn a_gigabyte_of_output_is_not_held() {
    let (_server, context) = begin(&[("mine", "--misbehave gigabyte")]);
    let mut child = context.wlx().args(["run", "down", "--client", "mine,sdk-rust"]).start();
    let mut peak = 0;
    while child.is_running() {
        peak = peak_memory(child.pid()).unwrap_or_default().max(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait().expect_code(1);
    context.assert_nothing_left_running();
    assert!((1..200 << 10).contains(&peak), "{peak} KiB for what is thrown away");
    assert!(output.stderr.len() < 1 << 20, "all of it was passed on");
    let runs = exported(&context);
    assert_eq!(run_of(&runs, "down", "sdk-rust")["outcome"], "succeeded");
    assert_failed(output, &run_of(&runs, "down", "mine"), "exit code 1; its last words: yyyyyy", 1);
}

/// The peak memory of a process so far, in KiB.
fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn one_that_never_ends_is_given_up() {
    for how in ["hang", "hang-stubbornly"] {
        let (finished, run) = misbehaving(how, &["--timeout", "2"]);
        assert_failed(finished.expect_code(1), &run, "(--timeout); its last words: thinking", 1);
    }
}

#[test]
fn kill_9_of_wlx_ends_it_too() {
    let (_server, context) = begin(&[("mine", "--misbehave hang")]);
    let mut child = context.wlx().args(["run", "down", "--client", "mine"]).start();
    // A repeat is printed after it is stored.
    child.wait_for_stdout("Run:1 ");
    child.wait_for_stderr("thinking");
    child.signal(Signal::KILL);
    child.wait().expect_signal(Signal::KILL);
    let started = Instant::now();
    while !context.processes_left().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(20), "the runner outlives wlx");
        std::thread::yield_now();
    }
    assert_eq!(good_repeats(&exported(&context)[0]).len(), 1, "what was finished is kept");
}
