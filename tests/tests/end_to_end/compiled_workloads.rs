//! The committed workloads are what the compiler makes of the committed sources.

use std::collections::BTreeMap;
use std::path::Path;

use end_to_end::TestContext;
use end_to_end::binaries::workspace_root;

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect()
}

#[test]
fn the_committed_workloads_are_up_to_date() {
    let root = workspace_root();
    let context = TestContext::new();
    context.wlc().args(["build", "workloads-src", "--check"]).in_folder(&root).run().expect_success();
    context.wlc().arg("build").arg(root.join("workloads-src")).args(["--out-dir", "out"]).run().expect_success();
    let (committed, made) = (files(&root.join("workloads")), files(&context.work().join("out")));
    assert_eq!(committed.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        assert!(committed[name] == *bytes, "{name} differs");
    }
}

#[test]
fn the_whole_standard_set_is_there() {
    let mut names: Vec<String> = Vec::new();
    for action in ["upload", "download"] {
        for rest in [
            "256KiB-10_000x",
            "64KiB-1_000x",
            "64KiB-1x-ram",
            "5GiB-1x",
            "5GiB-1x-ram",
            "5GiB-10x",
            "5GiB-20x",
            "30GiB-1x",
            "30GiB-1x-ram",
            "max-throughput",
        ] {
            names.push(format!("{action}-{rest}"));
        }
    }
    names.push("upload-64KiB-1x".to_owned());
    for name in names {
        for suffix in ["run.json", "prep.json"] {
            let path = workspace_root().join("workloads").join(format!("{name}.{suffix}"));
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}

/// Compares with what Python's `json.dump(indent=4)` writes, as the existing build does.
#[test]
fn the_bytes_are_those_of_the_existing_build() {
    let context = TestContext::new();
    let folder = workspace_root().join("workloads");
    context.python("reference_build.py").arg(folder).run().expect_success().expect_stdout("as they should be");
}

#[test]
fn an_existing_json_source_builds_as_it_stands() {
    let context = TestContext::new();
    let source = r#"{"action": "download", "fileSize": "1KiB", "filesOnDisk": false, "checksum": "CRC32C", "comment": "caf\u00e9 \ud83d\ude00 /"}"#;
    context.write("workloads-src/download-1KiB-1x-crc32c-ram.src.json", source);
    context.wlc().arg("build").run().expect_success();
    let made = std::fs::read_to_string(context.work().join("workloads/download-1KiB-1x-crc32c-ram.run.json"));
    let expected = r#"{
    "version": 2,
    "comment": "caf\u00e9 \ud83d\ude00 /",
    "filesOnDisk": false,
    "checksum": "CRC32C",
    "maxRepeatCount": 10,
    "maxRepeatSecs": 600,
    "tasks": [
        {
            "action": "download",
            "key": "download/1KiB-1x-crc32c/1",
            "size": 1024
        }
    ]
}
"#;
    assert_eq!(made.expect("the workload is compiled"), expected);
}

#[test]
fn exit_codes_tell_differences_errors_and_usage_apart() {
    let context = TestContext::new();
    context.write("workloads-src/a.yaml", "action: upload\nfileSize: 64KiB\n");
    context.wlc().args(["build", "--check"]).run().expect_code(1);
    assert!(!context.work().join("workloads/upload-64KiB-1x.run.json").exists());
    context.wlc().arg("build").run().expect_success();
    context.wlc().args(["build", "--check"]).run().expect_success();
    context.write("workloads-src/b.yaml", "action: upload\nfileSize: 64KB\n");
    context.wlc().arg("build").run().expect_code(1).expect_stderr("b.yaml:2");
    context.wlc().args(["build", "--no-such-flag"]).run().expect_code(2);
}

#[test]
fn an_unchanged_file_is_not_written_again() {
    let context = TestContext::new();
    context.write("workloads-src/a.yaml", "action: upload\nfileSize: 64KiB\n");
    context.wlc().arg("build").run().expect_success();
    let path = context.work().join("workloads/upload-64KiB-1x.run.json");
    let written = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).expect("the file is there");
    let before = written(&path);
    context.wlc().arg("build").run().expect_success();
    assert_eq!(written(&path), before);
}
