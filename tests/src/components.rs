//! The S3 clients and the servers that nobody here wrote, pinned in `tests/components/`, and what comes from the system.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::binaries::{binary, workspace_root};
use crate::process::Invocation;

/// The Python interpreter that has boto3.
pub fn python() -> PathBuf {
    installed("venv", "requirements.txt", "python")
}

/// The AWS CLI.
pub fn aws_cli() -> PathBuf {
    installed("venv", "requirements.txt", "aws")
}

/// The `SeaweedFS` server.
pub fn weed() -> PathBuf {
    installed("venv", "requirements.txt", "weed")
}

/// The fake of the rest of AWS.
pub fn moto() -> PathBuf {
    installed("moto", "moto.txt", "moto_server")
}

/// The system's Prometheus.
pub fn prometheus() -> PathBuf {
    of_the_system("prometheus")
}

/// The program that gives another one a terminal.
pub fn script() -> PathBuf {
    of_the_system("script")
}

/// The Python interpreter that has pandas and pyarrow.
pub fn readers() -> PathBuf {
    installed("readers", "readers.txt", "python")
}

/// The folder of the clients that `wlx` runs, all of them installed in their pinned versions.
///
/// # Panics
/// Where one of them is missing.
pub fn clients() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = workspace_root().join(".cache/clients");
        let context = TestContext::new();
        let list = context.wlx().arg("--clients-dir").arg(&folder);
        let listed = list.args(["clients", "list", "--format", "json"]).run().expect_success().json();
        let rows = listed.as_array().unwrap_or_else(|| panic!("no list of clients in {listed}"));
        let missing: Vec<&str> =
            rows.iter().filter(|row| row["installed"] != true).filter_map(|row| row["client"].as_str()).collect();
        assert!(missing.is_empty(), "these clients are not installed: {missing:?}; run `make clients`");
        folder
    })
}

/// # Panics
/// Where the pinned versions are not the ones installed.
fn installed(venv: &str, pins: &str, program: &str) -> PathBuf {
    let root = workspace_root();
    let venv = root.join(".cache").join(venv);
    let pinned = read(&root.join("tests/components").join(pins));
    assert!(
        pinned.is_some() && pinned == read(&venv.join("installed-requirements.txt")),
        "what {pins} pins is not installed; run `make components`"
    );
    venv.join("bin").join(program)
}

/// # Panics
/// Where it is not installed.
fn of_the_system(program: &str) -> PathBuf {
    let path = Path::new("/usr/bin").join(program);
    assert!(path.exists(), "{} is not installed; run `make system`", path.display());
    path
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}
