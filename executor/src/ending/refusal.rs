//! What on the command line cannot be used.

use s3_clients::catalog::CatalogError;
use workload_library::LookupError;

/// An argument that cannot be used. A command reports all of them at once, before it starts anything.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A workload is missing, or its file is refused.
    #[error(transparent)]
    Workload(#[from] LookupError),
    /// A client is unknown, or its settings do not fit.
    #[error(transparent)]
    Client(#[from] CatalogError),
    /// A client was named and is not installed.
    #[error("{client} is not installed\nhint: {how}")]
    NotInstalled {
        /// Client id.
        client: String,
        /// How to install it.
        how: String,
    },
    /// A client's program cannot be found.
    #[error(transparent)]
    Launch(std::io::Error),
    /// The value of `--tuned` does not fit.
    #[error("--tuned: {0}")]
    Tuned(String),
    /// The number of clients does not fit the comparison.
    #[error("{0}")]
    Sides(String),
    /// Every workload was skipped, and none is left to take a small form of.
    #[error("no workload is left to make a small form of")]
    NoForm,
}
