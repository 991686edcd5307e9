//! What the tests use and nobody here wrote: S3 clients and servers, pinned in `tests/components/`, and programs of the system.

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

/// The Python interpreter that has pandas and pyarrow.
pub fn readers() -> PathBuf {
    installed("readers", "readers.txt", "python")
}

/// A program of the system, found in the folders of `PATH`.
///
/// # Panics
/// If it is in none of them.
pub fn of_the_system(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{program} is not installed; run `make system` as root"))
}

/// The folder in which all clients that `wlx` runs are installed, in their pinned versions.
///
/// # Panics
/// If one of them is missing.
pub fn clients() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = workspace_root();
        let folder = root.join(".cache/clients");
        let list = Invocation::new(&binary("wlx"), &root).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let list = list.arg("--clients-dir").arg(&folder).args(["clients", "list", "--format", "json"]);
        let listed = list.run().expect_success().json();
        let rows = listed.as_array().unwrap_or_else(|| panic!("no list of clients in {listed}"));
        let missing: Vec<&str> =
            rows.iter().filter(|row| row["installed"] != true).filter_map(|row| row["client"].as_str()).collect();
        assert!(missing.is_empty(), "these clients are not installed: {missing:?}; run `make clients`");
        folder
    })
}

/// # Panics
/// If other versions are installed than those that are pinned.
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

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}
