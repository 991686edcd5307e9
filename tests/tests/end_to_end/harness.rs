//! The harness itself: what the other tests rely on.

use std::path::Path;
use std::time::{Duration, Instant};

use end_to_end::faulty::{FaultyServer, Misbehaviour};
use end_to_end::{Invocation, TestContext};
use end_to_end::{http, ports};

fn shell(context: &TestContext, script: &str) -> Invocation {
    context.program(Path::new("/bin/sh")).args(["-c", script])
}

#[test]
fn output_and_exit_code_are_kept_apart() {
    let context = TestContext::new();
    let finished = shell(&context, "echo out; echo err >&2; cat; exit 7").stdin("in").run().expect_code(7);
    assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("out\nin", "err\n"));
}

#[test]
fn nothing_of_the_machines_user_is_seen() {
    let context = TestContext::new();
    let seen = shell(&context, "env").run().expect_success().stdout;
    for line in seen.lines().filter(|line| line.starts_with("AWS_") || line.starts_with("WLX_")) {
        assert!(line.ends_with("=/dev/null") || line == "AWS_EC2_METADATA_DISABLED=true", "{line}");
    }
    assert!(seen.lines().any(|line| line.starts_with("HOME=") && line.contains("end-to-end-")));
}

#[test]
#[should_panic(expected = "still runs after")]
fn a_program_that_hangs_fails_its_test() {
    let context = TestContext::new();
    shell(&context, "echo begun; exec sleep 60").limit(Duration::from_millis(200)).run().expect_success();
}

#[test]
fn what_a_test_leaves_running_is_ended() {
    let context = TestContext::new();
    let mut child = shell(&context, "setsid sleep 60 >/dev/null 2>&1 & echo begun; wait").start();
    child.wait_for_stdout("begun");
    let started = Instant::now();
    while context.processes_left().len() < 2 {
        assert!(started.elapsed() < Duration::from_secs(20), "the grandchild does not show");
        std::thread::yield_now();
    }
    let left = context.processes_left();
    drop(child);
    drop(context);
    let is_gone = |pid: u32| {
        // A zombie has ended too, even if its new parent has not collected it yet.
        std::fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
    };
    while !left.iter().all(|&pid| is_gone(pid)) {
        assert!(started.elapsed() < Duration::from_secs(20), "{left:?} still run");
        std::thread::yield_now();
    }
}

#[test]
fn a_line_is_found_while_the_program_still_runs() {
    let context = TestContext::new();
    let mut child = shell(&context, "echo first; echo ready 42; read line; echo got $line >&2").start();
    assert_eq!(child.wait_for_stdout("ready"), "ready 42");
    let finished = child.wait().expect_success();
    assert_eq!(finished.stderr, "got\n");
}

#[test]
fn free_ports_differ_and_refuse() {
    let mut ports = ports::free_with_twin(6);
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 6);
    let refused = http::request(&format!("127.0.0.1:{}", ports::free()), "GET", "/", &[], "");
    assert_eq!(refused.err().map(|error| error.kind()), Some(std::io::ErrorKind::ConnectionRefused));
}

#[test]
fn faulty_servers_are_faulty() {
    for (misbehaviour, kind) in
        [(Misbehaviour::NoAnswer, "not an HTTP answer"), (Misbehaviour::Garbage, "not an HTTP answer")]
    {
        let server = FaultyServer::start(misbehaviour);
        let authority = server.url().replace("http://", "");
        let error = http::request(&authority, "GET", "/", &[], "").err().expect("no good answer");
        assert!(error.to_string().contains(kind), "{error}");
        assert_eq!(server.connections(), 1);
    }
    let server = FaultyServer::start(Misbehaviour::HalfABody);
    let answer = http::request(&server.url().replace("http://", ""), "GET", "/", &[], "").expect("an answer");
    assert_eq!((answer.status, answer.body.len()), (200, 1000));
}
