//! The S3 clients and the S3 server that nobody here wrote, pinned in `tests/components/requirements.txt`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::binaries::workspace_root;
use crate::context::TestContext;

/// The Python interpreter that has boto3.
pub fn python() -> PathBuf {
    installed("python")
}

/// The AWS CLI.
pub fn aws_cli() -> PathBuf {
    installed("aws")
}

/// The `SeaweedFS` server.
pub fn weed() -> PathBuf {
    installed("weed")
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
fn installed(program: &str) -> PathBuf {
    let root = workspace_root();
    let venv = root.join(".cache/venv");
    let pinned = read(&root.join("tests/components/requirements.txt"));
    assert!(
        pinned.is_some() && pinned == read(&venv.join("installed-requirements.txt")),
        "the pinned S3 clients and servers are not installed; run `make components`"
    );
    venv.join("bin").join(program)
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}
