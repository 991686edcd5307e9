//! Finds the programs under test beside the test executable, and refuses those that are older than their sources.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The root of the checkout.
pub fn workspace_root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("this crate lies in a folder of the checkout").to_path_buf()
}

/// The program `name` as cargo built it, in the profile of the running test.
///
/// # Panics
/// If it was never built, or its sources have changed since: a test of an old program proves nothing.
pub fn binary(name: &str) -> PathBuf {
    let path = profile_folder().join(name);
    assert!(path.is_file(), "{} is not built; {REMEDY}", path.display());
    if let Some(source) = newer_source(&path) {
        panic!("{} is older than its source {}; {REMEDY}", path.display(), source.display());
    }
    path
}

const REMEDY: &str = "run `make test`, or first `make build`";

/// `target/debug` for `target/debug/deps/end_to_end-0123`.
fn profile_folder() -> PathBuf {
    let executable = std::env::current_exe().expect("the test's own path is known");
    let mut folder = executable.parent().expect("an executable lies in a folder");
    if folder.file_name().is_some_and(|name| name == "deps") {
        folder = folder.parent().expect("`deps` lies in the profile's folder");
    }
    folder.to_path_buf()
}

/// A source that has changed since the program was linked. Cargo lists the sources in a file beside the program.
fn newer_source(binary: &Path) -> Option<PathBuf> {
    let built = modified(binary)?;
    let listing = std::fs::read_to_string(binary.with_extension("d")).ok()?;
    let (_, sources) = listing.split_once(": ")?;
    sources
        .split_ascii_whitespace()
        .map(PathBuf::from)
        .find(|source| modified(source).is_some_and(|changed| changed > built))
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}
