//! The bytes of compiled files against slow and obvious ways to make them.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use support::{compile, single};
use wlc::compiled::Compiled;
use workload_schema::format::run_file::{self, RunFile};
use workload_schema::{PrepPlan, WorkloadDigest};

/// The run file and the prep file of a source with one workload.
fn emitted(source: &str) -> (Vec<u8>, Vec<u8>) {
    let outcome = compile(&single("case.yaml", source));
    let checked = outcome.checked.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
    let compiled = Compiled::of(&checked);
    let contents = &compiled.workloads()[0];
    let (mut run, mut prep) = (Vec::new(), Vec::new());
    contents.write_run(&mut run).expect("memory");
    let digest = WorkloadDigest::of(&run);
    contents.write_prep(&digest, &mut prep).expect("memory");
    let lengths = (contents.run_length(), contents.prep_length());
    assert_eq!(lengths, (run.len() as u64, prep.len() as u64), "the length is known without the bytes");
    let name = contents.name().clone();
    let parsed = run_file::read(&run).expect("what is printed is read back");
    assert_eq!(run_file::bytes(&parsed).as_deref(), Ok(run.as_slice()), "task by task the bytes are the same");
    let plan: PrepPlan = serde_json::from_slice(&prep).expect("what is printed is read back");
    assert_eq!(plan, PrepPlan::of(name, digest, &parsed));
    (run, prep)
}

/// What Python's `json.dumps(..., indent=4)` and a newline make of the same value.
fn python_says(json: &[u8]) -> Vec<u8> {
    let program = "import json,sys\nd=json.load(sys.stdin)\nsys.stdout.write(json.dumps(d, indent=4)+'\\n')";
    let mut child = Command::new("python3")
        .args(["-c", program])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let mut stdin = child.stdin.take().expect("piped");
    let input = json.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("python ends");
    writer.join().expect("no panic").expect("python reads all");
    assert!(output.status.success());
    output.stdout
}

/// The same value by `serde_json` and a naive escape of what is not ASCII.
fn naive(json: &[u8]) -> Vec<u8> {
    let file: RunFile = serde_json::from_slice(json).expect("a workload");
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    serde::Serialize::serialize(&file, &mut serializer).expect("memory");
    let text = String::from_utf8(out).expect("UTF-8");
    let mut ascii = String::new();
    for char in text.chars() {
        if char.is_ascii() && char != '\u{7f}' {
            ascii.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                ascii.extend(["\\u", &format!("{unit:04x}")]);
            }
        }
    }
    ascii.push('\n');
    ascii.into_bytes()
}

#[test]
fn the_existing_build_writes_the_same_bytes() {
    for source in [
        "action: upload\nfileSize: 0bytes\n",
        "action: download\nfileSize: 1byte\nnumFiles: 9\nchecksum: SHA256\nfilesOnDisk: false\n",
        "action: download\nfileSize: 256KiB\nnumFiles: 10\nmaxRepeatSecs: 1\n",
        "action: upload\nfileSize: 1TiB\nnumFiles: 12345\nmaxRepeatCount: 3\n",
        "comment: \"quote \\\" slash / back \\\\ del \\x7f ctl \\x01 \\b\\f\\n\\r\\t ü \\u2028 😀\"\naction: upload\nfileSize: 1KiB\n",
        "name: w\ntasks:\n  - { action: upload, key: \"upload/ü \\x7f😀\", size: 7, repeat: 3 }\n  - { action: download, key: \"d\", size: 1KiB }\n",
    ] {
        let (run, _) = emitted(source);
        assert_eq!(String::from_utf8(run.clone()), String::from_utf8(python_says(&run)), "{source}");
        assert_eq!(run, naive(&run), "{source}");
    }
}

#[test]
fn prep_plans_have_one_object_a_line() {
    let (_, prep) = emitted("action: download\nfileSize: 1KiB\nnumFiles: 10\n");
    let text = String::from_utf8(prep).expect("ASCII");
    assert!(
        text.contains(
            "\n        {\"key\": \"download/1KiB-10x/10\", \"size\": 1024}\n    ],\n    \"uploads\": []\n}\n"
        )
    );
    assert_eq!(text.lines().filter(|line| line.contains("\"key\"")).count(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Around every change of digits and of chunks.
    #[test]
    fn counting_up_equals_formatting(count in prop_oneof![1_u64..30, 95_u64..130, 990_u64..1010, 9_990_u64..10_010]) {
        let (run, _) = emitted(&format!("action: upload\nfileSize: 3KiB\nnumFiles: {count}\n"));
        let workload = run_file::read(&run).expect("a workload");
        let width = count.to_string().len();
        prop_assert_eq!(workload.task_count() as u64, count);
        let last = workload.tasks().next_back().expect("at least one").key.as_str();
        let end = format!("x/{count}");
        prop_assert!(last.ends_with(&end));
        for (task, number) in workload.tasks().zip(1_u64..) {
            let end = format!("x/{number:0width$}");
            prop_assert!(task.key.as_str().ends_with(&end));
        }
        prop_assert_eq!(naive(&run), run);
    }

    #[test]
    fn any_comment_is_printed_and_read_back(comment in any::<String>()) {
        let quoted = serde_json::to_string(&comment).expect("a string");
        let source = format!("{{\"comment\": {quoted}, \"action\": \"upload\", \"fileSize\": \"1KiB\"}}");
        let outcome = compile(&single("upload-1KiB-1x.src.json", &source));
        let checked = outcome.checked.expect("nothing is wrong with it");
        let mut run = Vec::new();
        Compiled::of(&checked).workloads()[0].write_run(&mut run).expect("memory");
        let read = run_file::read(&run).expect("a workload");
        prop_assert_eq!(read.comment(), comment);
        prop_assert!(run.is_ascii());
        prop_assert_eq!(naive(&run), run);
    }
}
