//! A clean place for one test: an empty folder, and an environment without any of the user's own settings.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use crate::binaries::{binary, workspace_root};
use crate::components;
use crate::endpoint::Endpoint;
use crate::process::{Invocation, table};
use crate::workload::HandWritten;

/// The variable that marks all processes of a test, also those that its programs start.
const MARK: &str = "END_TO_END_TEST";

/// One test's folders and environment. When dropped, it removes the folders and ends what the test left running.
pub struct TestContext {
    root: TempDir,
    mark: String,
    variables: Vec<(String, String)>,
}

impl TestContext {
    /// A context in which nothing is configured: no credentials, no endpoint, no settings file.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let root = tempfile::Builder::new().prefix("end-to-end-").tempdir().expect("the temporary folder is writable");
        let mark = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        for folder in ["home", "tmp", "work"] {
            std::fs::create_dir(root.path().join(folder)).expect("a fresh folder takes folders");
        }
        Self { root, mark, variables: Vec::new() }
    }

    /// A context whose environment names `endpoint` in the standard AWS variables.
    pub fn with_endpoint(endpoint: &Endpoint) -> Self {
        let mut context = Self::new();
        for (name, value) in endpoint.variables() {
            context.set(name, value);
        }
        context
    }

    /// Adds all the clients that `wlx` can run.
    pub fn add_clients(&mut self) {
        self.set("WLX_CLIENTS_DIR", components::clients().display().to_string());
    }

    /// Sets a variable for every program started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// The folder in which programs run, empty at first.
    pub fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// Writes a workload into the working folder's `workloads/`, without a plan of what it needs.
    pub fn add(&self, name: &str, workload: &HandWritten) {
        self.write(&format!("workloads/{name}.run.json"), workload.text());
    }

    /// Copies the committed compiled workloads `names` into the working folder's `workloads/`.
    pub fn add_workloads(&self, names: &[&str]) {
        let target = self.work().join("workloads");
        std::fs::create_dir_all(&target).expect("the working folder is writable");
        for name in names {
            for suffix in ["run.json", "prep.json"] {
                let file = format!("{name}.{suffix}");
                let from = workspace_root().join("workloads").join(&file);
                std::fs::copy(&from, target.join(&file))
                    .unwrap_or_else(|error| panic!("cannot copy {}: {error}", from.display()));
            }
        }
    }

    /// Copies all committed compiled workloads into the working folder's `workloads/`.
    pub fn add_all_workloads(&self) {
        let from = workspace_root().join("workloads");
        let entries = std::fs::read_dir(&from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let names: Vec<String> = names.filter_map(|file| Some(file.strip_suffix(".run.json")?.to_owned())).collect();
        self.add_workloads(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Writes a file below the working folder and returns its absolute path.
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("the working folder is writable");
        std::fs::write(&path, contents).expect("the working folder is writable");
        path
    }

    /// The compiler under test.
    pub fn wlc(&self) -> Invocation {
        self.program(&binary("wlc"))
    }

    /// The executor under test.
    pub fn wlx(&self) -> Invocation {
        self.program(&binary("wlx"))
    }

    /// The AWS CLI.
    pub fn aws(&self) -> Invocation {
        self.program(&components::aws_cli())
    }

    /// A script in `tests/python`, with boto3 to import.
    pub fn python(&self, script: &str) -> Invocation {
        let path = workspace_root().join("tests/python").join(script);
        self.program(&components::python()).arg("-B").arg(path)
    }

    /// A script in `tests/python`, with pandas and pyarrow to import.
    pub fn reader(&self, script: &str) -> Invocation {
        let path = workspace_root().join("tests/python").join(script);
        self.program(&components::readers()).arg("-B").arg(path)
    }

    /// Any program, in this context's folder and environment.
    pub fn program(&self, program: &Path) -> Invocation {
        let mut invocation = Invocation::new(program, &self.work());
        for (name, value) in self.hermetic() {
            invocation = invocation.env(name, value);
        }
        for (name, value) in &self.variables {
            invocation = invocation.env(name, value);
        }
        invocation
    }

    /// The programs that this test started, directly or not, and that still run.
    pub fn processes_left(&self) -> Vec<u32> {
        let mark = format!("{MARK}={}", self.mark);
        table::running().filter(|&pid| table::has_variable(pid, &mark)).collect()
    }

    /// Requires that every program that this test started, directly or not, has ended.
    #[track_caller]
    pub fn assert_nothing_left_running(&self) {
        let left = self.processes_left();
        let named = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let commands: Vec<String> = left.iter().map(|pid| named(pid).replace('\0', " ")).collect();
        assert!(left.is_empty(), "still running: {commands:?}");
    }

    fn hermetic(&self) -> Vec<(&'static str, String)> {
        let folder = |name: &str| self.root.path().join(name).display().to_string();
        let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned());
        vec![
            ("PATH", path),
            ("HOME", folder("home")),
            ("TMPDIR", folder("tmp")),
            ("LC_ALL", "C".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            (MARK, self.mark.clone()),
        ]
    }
}

impl Default for TestContext {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestContext {
    fn drop(&mut self) {
        for pid in self.processes_left() {
            table::kill(pid);
        }
    }
}
