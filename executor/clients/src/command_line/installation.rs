//! How the program of a command-line client is found.

use std::path::{Path, PathBuf};

use crate::environments::Environment;

/// How the program of a command-line client is found.
#[derive(Debug, Clone, Copy)]
pub struct Installation {
    /// Where its packages are installed.
    pub environment: Environment,
    /// The package whose version is the program's; none where the system brings the program.
    pub package: Option<&'static str>,
    /// The argument that makes it print its version.
    pub version_argument: &'static str,
    /// The version in the first line that it prints then.
    pub version_in: fn(&str) -> Option<&str>,
    /// How it would print the version of its pinned package.
    pub pinned: fn(&str) -> String,
    /// The file to start, below the clients' folder.
    pub program: fn(&Path) -> Option<PathBuf>,
}
