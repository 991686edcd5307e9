//! The binary as people and scripts see it: exit code, stdout, stderr, files.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of its own, and `wlc` in it with a clean environment.
struct Context {
    folder: TempDir,
}

impl Context {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
        self
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wlc"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .output()
            .expect("wlc starts")
    }

    /// Exit code, stdout and stderr in one text.
    fn shown(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        format!(
            "exit: {}\n--- stdout\n{}--- stderr\n{}",
            output.status.code().expect("no signal"),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

const GOOD: &str = "action: \"{{ action }}\"\nfileSize: 1KiB\nnumFiles: 3\nmatrix: { action: [upload, download] }\n";
const BAD: &str = "action: upload\nfilesize: 1KiB\n";

#[test]
fn build_writes_only_what_changes() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", GOOD);
    insta::assert_snapshot!("build_first", context.shown(&["build"]));
    let run_file = context.path("workloads/upload-1KiB-3x.run.json");
    let before = std::fs::metadata(&run_file).expect("written").modified().expect("a time");
    insta::assert_snapshot!("build_again", context.shown(&["build"]));
    let after = std::fs::metadata(&run_file).expect("there").modified().expect("a time");
    assert_eq!(before, after, "a file that does not change is not touched");

    context.write("workloads/upload-1KiB-3x.run.json", context.read("workloads/upload-1KiB-3x.run.json") + "more");
    insta::assert_snapshot!("build_changed", context.shown(&["build", "--format", "json"]));
    assert!(context.read("workloads/upload-1KiB-3x.run.json").ends_with("    ]\n}\n"));
    assert_eq!(context.files("workloads").len(), 4, "no temporary file is left");
}

#[test]
fn check_writes_nothing_and_says_what_differs() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", GOOD);
    insta::assert_snapshot!("build_check_missing", context.shown(&["build", "--check"]));
    assert!(!context.path("workloads").exists());
    context.run(&["build"]);
    assert_eq!(context.run(&["build", "--check"]).status.code(), Some(0));
    let changed = context.read("workloads/download-1KiB-3x.prep.json").replace("1024", "1025");
    context.write("workloads/download-1KiB-3x.prep.json", &changed);
    context.write("workloads/old.run.json", "{}");
    insta::assert_snapshot!("build_check_differs", context.shown(&["build", "--check", "--prune"]));
    assert_eq!(context.read("workloads/download-1KiB-3x.prep.json"), changed);
    assert!(context.path("workloads/old.run.json").exists());
}

#[test]
fn prune_removes_what_no_source_makes() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", GOOD);
    for name in ["old.run.json", "old.prep.json", "README.md", "other.json"] {
        context.write(&format!("workloads/{name}"), "{}");
    }
    insta::assert_snapshot!("build_prune", context.shown(&["build", "--prune"]));
    assert_eq!(
        context.files("workloads"),
        [
            "README.md",
            "download-1KiB-3x.prep.json",
            "download-1KiB-3x.run.json",
            "other.json",
            "upload-1KiB-3x.prep.json",
            "upload-1KiB-3x.run.json"
        ]
    );
    insta::assert_snapshot!("build_prune_file", context.shown(&["build", "--prune", "workloads-src/a.yaml"]));
}

#[test]
fn errors_stop_everything() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", GOOD).write("workloads-src/b.yaml", BAD);
    insta::assert_snapshot!("build_errors", context.shown(&["build"]));
    assert!(!context.path("workloads").exists(), "nothing is written where anything is wrong");
    insta::assert_snapshot!("check_errors_json", context.shown(&["check", "--format", "json"]));
    insta::assert_snapshot!("explain_errors", context.shown(&["explain", "upload-1KiB-3x"]));
}

#[test]
fn wrong_usage_is_told_apart() {
    let context = Context::new();
    context.write("empty/x.txt", "").write("w.run.json", "{}");
    for arguments in [
        &["build"][..],
        &["build", "empty"],
        &["build", "empty/x.txt"],
        &["build", "w.run.json"],
        &["build", "--no-such-flag"],
        &["build", "--max-output", "1kB"],
        &[],
    ] {
        assert_eq!(context.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    insta::assert_snapshot!("usage_missing", context.shown(&["build", "missing"]));
}

#[test]
fn the_existing_format_is_compiled_as_it_stands() {
    let context = Context::new();
    let source = "{\n    \"comment\": \"{{ as is }} \\ud83d\\ude00\",\n    \"action\": \"download\",\n    \"fileSize\": \"256KiB\",\n    \"numFiles\": 10\n}\n";
    context.write("src/download-256KiB-10x.src.json", source).write("src/odd.v2.src.json", source);
    insta::assert_snapshot!("existing_format", context.shown(&["build", "src"]));
    let derived = context.read("workloads/download-256KiB-10x.run.json");
    assert_eq!(context.read("workloads/odd.run.json"), derived, "only the name is the file's");
    assert!(derived.contains("\"comment\": \"{{ as is }} \\ud83d\\ude00\""));
}

#[test]
fn explain_says_where_from_and_how_much() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", GOOD);
    context.write("workloads-src/b.yaml", "action: upload\nfileSize: 5GiB\nfilesOnDisk: false\nchecksum: CRC64NVME\n---\naction: upload\nfileSize: 5GiB\n");
    insta::assert_snapshot!("explain", context.shown(&["explain", "download-1KiB-3x"]));
    insta::assert_snapshot!(
        "explain_json",
        context.shown(&["explain", "upload-5GiB-1x-crc64nvme-ram", "--format", "json"])
    );
    insta::assert_snapshot!("explain_older_spelling", context.shown(&["explain", "upload-5GiB"]));
    insta::assert_snapshot!("explain_unknown", context.shown(&["explain", "download-1KiB-4x"]));
}

#[test]
fn odd_files_are_diagnostics() {
    let context = Context::new();
    context.write("workloads-src/a.yaml", b"action: upload\nfileSize: \xff\n");
    insta::assert_snapshot!("not_utf8", context.shown(&["check"]));
    std::fs::create_dir(context.path("other")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", context.path("other/gone.yaml")).expect("a link");
    let shown = context.shown(&["check", "other"]);
    assert!(shown.contains("error[unreadable]"), "{shown}");
}

#[test]
fn schemas_and_references_are_printed() {
    let context = Context::new();
    for name in ["source", "run", "prep"] {
        let output = context.run(&["schema", name]);
        assert_eq!(output.status.code(), Some(0));
        let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(schema.get("properties").is_some());
    }
    assert!(String::from_utf8_lossy(&context.run(&["docs", "language"]).stdout).starts_with("# The source language"));
}

#[test]
fn limits_are_raised_by_flags() {
    let context = Context::new();
    context.write("s/a.yaml", "action: upload\nfileSize: 1KiB\nnumFiles: 100\nmatrix: { a: [1] }\n");
    for (flag, low, high) in
        [("--max-tasks", "99", "100"), ("--max-output", "1KiB", "1MiB"), ("--max-combinations", "0", "1")]
    {
        assert_eq!(context.run(&["build", "s", flag, low]).status.code(), Some(1), "{flag} {low}");
        assert_eq!(context.run(&["build", "s", flag, high]).status.code(), Some(0), "{flag} {high}");
    }
}

/// A million tasks from a few lines; the memory it took is asked of the system where that is possible.
#[test]
fn a_million_tasks_stay_small_in_memory() {
    let context = Context::new();
    context.write("s/a.yaml", "action: upload\nfileSize: 1KiB\nnumFiles: 1000000\n");
    let script = "ulimit -v 400000; exec \"$0\" build s";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_wlc")])
        .current_dir(context.folder.path())
        .output()
        .expect("sh starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let written = std::fs::metadata(context.path("workloads/upload-1KiB-1_000_000x.run.json")).expect("written");
    assert!(written.len() > 100_000_000);
    assert!(Path::new(&context.path("workloads/upload-1KiB-1_000_000x.prep.json")).exists());
}
