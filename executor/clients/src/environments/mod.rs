//! Pinned sets of packages that clients need, each in a folder of its own below the clients' folder: which there are,
//! and how they are installed.

mod environment;
mod install;

pub use environment::Environment;
pub use install::{InstallError, SYSTEM_AWS_CLI, install};
