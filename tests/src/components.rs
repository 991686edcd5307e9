//! The S3 clients and the S3 server that nobody here wrote, pinned in `tests/components/requirements.txt`.

use std::path::{Path, PathBuf};

use crate::binaries::workspace_root;

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
