//! Runners that are small shell scripts, driven to every kind of end.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use std::num::NonZeroU64;
use tokio_util::sync::CancellationToken;
use workload_schema::event::Tuned;
use workload_schema::record::Outcome;
use workload_schema::workload::Stop;
use workload_schema::{DataMedium, RunKey, SessionId};
use workload_schema::{ObjectKey, Operation, Task, Workload};

use super::{Call, Drive, DriveError, Driven, Guard, Journal, JournalError, Over, RunEvent, Script, Times, drive};

/// Says hello, does what it is told, and ends well.
const OBEDIENT: &str = r#"
    echo '{"event":"hello","protocolVersion":1,"client":"sh","clientVersion":"1"}' > "$WLX_EVENTS"
    while read -r word; do
        case $word in
            run) echo '{"event":"repeat","repeat":1,"seconds":1.0,"bytes":1000000}' > "$WLX_EVENTS" ;;
            end) exit 0 ;;
        esac
    done
"#;

/// The names of the events that it was told.
#[derive(Default)]
struct Heard(Vec<&'static str>);

impl Journal for Heard {
    fn note(&mut self, _: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        self.0.push(match event {
            RunEvent::RunBegins(_) => "run begins",
            RunEvent::Hello(_) => "hello",
            RunEvent::RepeatBegins(_) => "repeat begins",
            RunEvent::Progress(_) => "progress",
            RunEvent::Task(_) => "task",
            RunEvent::Repeat(_) => "repeat",
            RunEvent::Verified(_) => "verified",
            RunEvent::RunEnds { .. } => "run ends",
        });
        Ok(())
    }
}

/// A journal that cannot keep anything.
struct Full;

impl Journal for Full {
    fn note(&mut self, _: &RunKey, _: &RunEvent<'_>) -> Result<(), JournalError> {
        Err("no space left".into())
    }
}

fn workload() -> Workload {
    let key = ObjectKey::new("download/1").expect("a key");
    let two = Stop { max_repeats: NonZeroU64::new(2).unwrap(), max_seconds: NonZeroU64::new(600).unwrap() };
    let workload = Workload::of_tasks([Task { operation: Operation::Download, key, size: 1_000_000 }]).unwrap();
    workload.with_medium(DataMedium::Memory).with_stop(two)
}

fn call<'a>(workload: &'a Workload, arguments: &'a [OsString], timeout: Duration) -> Call<'a> {
    Call {
        run: SessionId::new("test").unwrap().run(1),
        program: Path::new("/bin/sh"),
        arguments,
        variables: vec![("HOME", None)],
        workload,
        workload_file: Path::new("w.run.json"),
        bucket: "bucket",
        region: "us-east-1",
        target_gbps: 100.0,
        files_dir: Path::new("/"),
        endpoint_url: Some("http://127.0.0.1:1"),
        tuned: Tuned::default(),
        record_tasks: false,
        server: None,
        timeout,
    }
}

fn shell(script: &str) -> [OsString; 2] {
    ["-c".into(), script.into()]
}

async fn driven(script: &str, mut what: impl Script) -> (Driven, Vec<&'static str>) {
    let (workload, arguments) = (workload(), shell(script));
    let call = call(&workload, &arguments, Duration::from_mins(1));
    let (mut heard, mut guard) = (Heard::default(), Guard::start().expect("it starts"));
    let driven = drive(&call, &mut what, &mut heard, &mut guard, &CancellationToken::new()).await;
    (driven.expect("it can be driven"), heard.0)
}

fn reason(driven: &Driven) -> &str {
    driven.reason.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn a_runner_that_waits_does_what_the_script_says() {
    let (driven, heard) = driven(OBEDIENT, Times(3)).await;
    assert_eq!((driven.outcome, reason(&driven)), (Outcome::Succeeded, ""));
    assert_eq!(driven.hello.expect("it said hello").client, "sh");
    assert_eq!(heard.join(", "), format!("hello{}", ", repeat begins, repeat".repeat(3)));
}

#[tokio::test]
async fn a_plain_runner_is_followed_by_its_run_lines() {
    let lines = "echo 'Run:1 Secs:1.0 Gb/s:0.008'; echo 'Run:2 Secs:1.0 Gb/s:0.008'; echo 'Run:3 Secs:1.0 Gb/s:0.008'";
    let (driven, heard) = driven(lines, Times(9)).await;
    assert_eq!((driven.outcome, reason(&driven)), (Outcome::Succeeded, ""));
    assert!(driven.hello.is_none());
    assert_eq!(heard, ["repeat begins", "repeat", "repeat begins", "repeat"], "no more than the workload has");
}

#[tokio::test]
async fn every_end_has_its_outcome_and_its_reason() {
    let error = r#"echo '{"event":"repeat","repeat":1,"seconds":1,"bytes":0,"errors":[{"kind":"server","message":"no","count":1}]}'"#;
    let bad_repeat = OBEDIENT.replace(r#"echo '{"event":"repeat","repeat":1,"seconds":1.0,"bytes":1000000}'"#, error);
    let verifies = OBEDIENT.replace(
        r#"echo '{"event":"repeat","repeat":1,"seconds":1.0,"bytes":1000000}'"#,
        r#"echo '{"event":"verified","tasks":1,"bytes":1,"errors":[{"kind":"integrity","message":"x differs","count":1}]}'"#,
    );
    for (script, outcome, why) in [
        ("exit 0", Outcome::Failed, "the runner ended well, but without a single repeat"),
        ("echo gone >&2; exit 4", Outcome::Failed, "the runner ended with exit code 4; its last words: gone"),
        ("echo 'FAIL - no disk'; exit 1", Outcome::Failed, "no disk"),
        ("echo 'Skipping benchmark - too old'; exit 123", Outcome::Skipped, "too old"),
        ("kill -9 $$", Outcome::Failed, "the runner was ended by signal: 9 (SIGKILL) and gave no reason"),
        (&bad_repeat, Outcome::Failed, "no"),
        (&verifies, Outcome::Failed, "not the content that it must be: x differs"),
        (
            "echo 'Run:1 Secs:1.0 Gb/s:8.0'",
            Outcome::Failed,
            "the runner says 8 Gb/s for 1 s, which is not the 1000000 bytes of this workload",
        ),
    ] {
        let (driven, _) = driven(script, Times(2)).await;
        assert_eq!((driven.outcome, reason(&driven)), (outcome, why), "{script}");
    }
}

#[tokio::test]
async fn who_hangs_or_is_cancelled_is_stopped() {
    let (workload, arguments) = (workload(), shell("exec sleep 60"));
    let mut guard = Guard::start().expect("it starts");
    let cancelled = CancellationToken::new();
    let hangs = call(&workload, &arguments, Duration::from_millis(10));
    let driven = drive(&hangs, &mut Times(1), &mut Heard::default(), &mut guard, &cancelled).await.unwrap();
    assert_eq!((driven.outcome, reason(&driven)), (Outcome::Failed, "no repeat ended within 0.01 s (--timeout)"));
    cancelled.cancel();
    let waits = call(&workload, &arguments, Duration::from_mins(1));
    let driven = drive(&waits, &mut Times(1), &mut Heard::default(), &mut guard, &cancelled).await.unwrap();
    assert_eq!((driven.outcome, reason(&driven)), (Outcome::Interrupted, "by Ctrl-C or SIGTERM"));
}

#[tokio::test]
async fn a_program_that_is_not_there_fails_the_run_and_a_journal_that_is_full_ends_it() {
    let (workload, arguments) = (workload(), shell(OBEDIENT));
    let mut guard = Guard::start().expect("it starts");
    let cancelled = CancellationToken::new();
    let good = call(&workload, &arguments, Duration::from_mins(1));
    let missing =
        Call { program: Path::new("/no/such/program"), ..call(&workload, &arguments, Duration::from_mins(1)) };
    let driven = drive(&missing, &mut Times(1), &mut Heard::default(), &mut guard, &cancelled).await.unwrap();
    assert_eq!(driven.outcome, Outcome::Failed);
    assert!(reason(&driven).starts_with("cannot start /no/such/program: "), "{}", reason(&driven));
    let error = drive(&good, &mut Times(1), &mut Full, &mut guard, &cancelled).await.unwrap_err();
    assert!(matches!(&error, DriveError::Journal(_)) && error.to_string() == "no space left", "{error}");
}

#[tokio::test]
async fn between_turns_a_runner_waits() {
    let (workload, arguments) = (workload(), shell(OBEDIENT));
    let (mut heard, mut guard) = (Heard::default(), Guard::start().expect("it starts"));
    let cancelled = CancellationToken::new();
    let mut drive = Drive::start(&call(&workload, &arguments, Duration::from_mins(1)), &mut guard).unwrap();
    drive.greet(&mut heard, &cancelled).await.unwrap().expect("it says hello");
    for repeat in 1..=2 {
        let record = drive.turn(&mut heard, &cancelled).await.unwrap().expect("a good repeat");
        assert_eq!((record.repeat, record.cold), (repeat, repeat == 1));
    }
    let over = drive.follow(&mut Times(0), &mut heard, &cancelled).await.unwrap();
    drive.finish(&mut heard, &mut guard).await.unwrap();
    assert_eq!(drive.driven(over).outcome, Outcome::Succeeded);
    assert_eq!(heard.0, ["hello", "repeat begins", "repeat", "repeat begins", "repeat"]);
}

#[tokio::test]
async fn a_plain_runner_takes_no_turns() {
    let (workload, arguments) = (workload(), shell("echo 'Run:1 Secs:1.0 Gb/s:0.008'; exec sleep 60"));
    let (mut heard, mut guard) = (Heard::default(), Guard::start().expect("it starts"));
    let cancelled = CancellationToken::new();
    let mut drive = Drive::start(&call(&workload, &arguments, Duration::from_mins(1)), &mut guard).unwrap();
    let over = drive.greet(&mut heard, &cancelled).await.unwrap().expect_err("it cannot wait");
    drive.finish(&mut heard, &mut guard).await.unwrap();
    assert!(matches!(over, Over::Unfit(why) if why.starts_with("cannot take turns")), "{over:?}");
}
