//! Reading compiled and hand-written files: what fits is read, what does not is explained where it stands.

use std::time::Instant;

use checked_document::{Diagnostic, SchemaCheck, SourceFile, id, read_plan, read_workload, render};
use proptest::prelude::*;
use workload_schema::format::run_file::{self, RunFile};
use workload_schema::{PrepPlan, Task};

const WORKLOAD: &str = r#"{
    "version": 2,
    "comment": "c",
    "filesOnDisk": true,
    "checksum": null,
    "maxRepeatCount": 10,
    "maxRepeatSecs": 600,
    "tasks": [
        {
            "action": "download",
            "key": "download/1KiB-1x/1",
            "size": 1024
        }
    ]
}
"#;

const PLAN: &str = r#"{
    "version": 1,
    "workload": "download-1KiB-1x",
    "workloadDigest": "blake3:0000000000000000000000000000000000000000000000000000000000000000",
    "filesOnDisk": true,
    "checksum": null,
    "bucket": { "abortIncompleteMultipartDays": 1, "expirePrefix": "upload/", "expireDays": 1 },
    "downloads": [
        {"key": "download/1KiB-1x/1", "size": 1024}
    ],
    "uploads": []
}
"#;

fn shown(problems: &[Diagnostic]) -> String {
    render::human(problems, false).trim_end().to_owned()
}

fn workload_with(from: &str, to: &str) -> String {
    assert!(WORKLOAD.contains(from), "{from}");
    let text = WORKLOAD.replacen(from, to, 1);
    match read_workload("w.run.json", text.as_bytes()) {
        Ok(_) => "fits".to_owned(),
        Err(problems) => shown(&problems),
    }
}

fn plan_with(from: &str, to: &str) -> String {
    assert!(PLAN.contains(from), "{from}");
    match read_plan("w.prep.json", PLAN.replacen(from, to, 1).as_bytes()) {
        Ok(_) => "fits".to_owned(),
        Err(problems) => shown(&problems),
    }
}

#[test]
fn what_fits_is_read() {
    assert_eq!(read_workload("w", WORKLOAD.as_bytes()).unwrap().task_count(), 1);
    assert_eq!(read_plan("w", PLAN.as_bytes()).unwrap().downloads.len(), 1);
}

#[test]
fn what_does_not_fit_is_explained() {
    let cases = [
        workload_with("\"version\": 2", "\"version\": 9,\n    \"newField\": 1"),
        workload_with("\"version\": 2", "\"version\": 1"),
        workload_with("\"checksum\": null", "\"checksum\": \"CRC64NVME\""),
        workload_with("\"checksum\": null,\n", ""),
        workload_with("\"checksum\": null", "\"checksum\": \"MD5\""),
        workload_with("\"maxRepeatCount\": 10", "\"maxRepeatCount\": 0"),
        workload_with("\"maxRepeatSecs\": 600", "\"maxRepeatSecs\": 600.0"),
        workload_with("\"filesOnDisk\"", "\"fileOnDisk\""),
        workload_with("\"comment\": \"c\"", "\"comment\": \"c\",\n    \"comment\": \"d\""),
        workload_with("download/1KiB-1x/1", "../1"),
        workload_with("\"size\": 1024", "\"size\": 1024,\n            \"sise\": 1"),
        workload_with("\"size\": 1024", "\"size\": -1"),
        workload_with("\"download\"", "\"downlaod\""),
        workload_with(
            "        {\n            \"action\": \"download\",\n            \"key\": \"download/1KiB-1x/1\",\n            \"size\": 1024\n        }\n",
            "",
        ),
        workload_with("]\n}\n", "]\n"),
    ];
    insta::assert_snapshot!(cases.join("\n\n"));
}

#[test]
fn plans_are_explained_alike() {
    let cases = [
        plan_with("\"version\": 1", "\"version\": 2"),
        plan_with("\"workloadDigest\": \"blake3:00", "\"workloadDigest\": \"md5:00"),
        plan_with("\"uploads\": []", "\"uploads\": [{\"key\": \"upload/1\"}]"),
        plan_with("download-1KiB-1x", "no name"),
        plan_with("\"expireDays\": 1", "\"expireDays\": \"1\""),
    ];
    insta::assert_snapshot!(cases.join("\n\n"));
}

#[test]
fn a_million_tasks_are_read_in_bounded_memory() {
    let task = r#"        {"action": "upload", "key": "upload/1KiB-1_000_000x/0000001", "size": 1024}"#;
    let tasks = vec![task; 1_000_000].join(",\n");
    let (head, tail) = WORKLOAD.split_once("        {\n").unwrap();
    let (_, tail) = tail.split_once("        }\n").unwrap();
    let text = format!("{head}{tasks}\n{tail}");
    let start = Instant::now();
    let workload = read_workload("w", text.as_bytes()).unwrap();
    assert_eq!(workload.task_count(), 1_000_000);
    // Generous: the figure is in docs/performance.md; this only catches an accidental second pass over a tree.
    assert!(start.elapsed().as_secs() < 20);
}

/// A hostile file is too large to be explained a second time, and is still refused with a message.
#[test]
fn a_large_file_that_does_not_fit_is_refused_without_a_tree() {
    let text = format!("{{\"version\": 2, \"comment\": \"{}\"}}", "x".repeat(40 << 20));
    let problems = read_workload("w", text.as_bytes()).unwrap_err();
    assert_eq!(problems[0].id, id::BAD_VALUE);
    assert!(problems[0].message.contains("missing field"), "{}", problems[0].message);
}

/// Fields with right and wrong values, so that about half of the files fit.
fn workload_like() -> impl Strategy<Value = String> {
    let version = prop_oneof![4 => Just("2"), 2 => Just("3"), 1 => Just("4"), 1 => Just("2.0"), 1 => Just("\"2\"")];
    let checksum =
        prop_oneof![3 => Just("null"), 2 => Just("\"CRC32\""), 1 => Just("\"CRC64NVME\""), 1 => Just("true")];
    let count = prop_oneof![5 => Just("1"), 1 => Just("0"), 1 => Just("-1"), 1 => Just("1e2"), 1 => Just("18446744073709551616")];
    let key = prop_oneof![4 => Just("a/b"), 1 => Just(""), 1 => Just("../x"), 1 => Just("a//b"), 1 => Just("\\u0000")];
    let size = prop_oneof![5 => Just("0"), 1 => Just("9223372036854775807"), 1 => Just("null"), 1 => Just("1.0")];
    let extra = prop_oneof![6 => Just(""), 1 => Just(", \"extra\": 1"), 1 => Just(", \"comment\": \"again\"")];
    (version, checksum, count, key, size, extra).prop_map(|(version, checksum, count, key, size, extra)| {
        format!(
            "{{\"version\": {version}, \"comment\": \"\", \"filesOnDisk\": true, \"checksum\": {checksum}, \
             \"maxRepeatCount\": {count}, \"maxRepeatSecs\": 1, \
             \"tasks\": [{{\"action\": \"upload\", \"key\": \"{key}\", \"size\": {size}}}]{extra}}}"
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The fast path takes exactly what schema and checks take: what it refuses always has an explanation
    /// other than that it was refused, and what it takes fits the schema.
    #[test]
    fn serde_and_the_schema_agree_on_workloads(text in workload_like()) {
        let file = SourceFile::new("w", text.clone());
        let (node, problems) = checked_document::json::parse(&file, checked_document::Limits::default());
        let node = node.expect("it is JSON");
        let by_schema = problems.is_empty() && SchemaCheck::of::<RunFile>().check(&file, &node).is_empty();
        match read_workload("w", text.as_bytes()) {
            Ok(_) => prop_assert!(by_schema),
            Err(explained) => {
                prop_assert!(!explained.is_empty());
                // Beyond the schema: checked keys, and a checksum that the version does not have.
                let beyond = explained.iter().all(|problem| problem.id == id::BAD_VALUE);
                prop_assert!(!by_schema || beyond, "{:?}", explained);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,100}") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            prop_assert!(read_workload("w", input).is_err_and(|problems| !problems.is_empty()));
            prop_assert!(read_plan("w", input).is_err_and(|problems| !problems.is_empty()));
        }
    }

    #[test]
    fn what_is_printed_is_read_back(comment in any::<String>(), size in 0..i64::MAX as u64) {
        let example = run_file::read(WORKLOAD.as_bytes()).expect("the example");
        let task = Task { size, ..example.first_task().into() };
        let workload = example.with_tasks([task]).expect("a task").with_comment(comment);
        let bytes = run_file::bytes(&workload).expect("version 2 can say it");
        prop_assert_eq!(read_workload("w", &bytes).expect("a workload"), workload);
        let plan: PrepPlan = serde_json::from_str(PLAN).expect("the example");
        let bytes = serde_json::to_vec(&plan).expect("memory");
        prop_assert_eq!(read_plan("w", &bytes).expect("a plan"), plan);
    }
}
