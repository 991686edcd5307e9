//! Why a server does not start.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why [`start`](crate::start) failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address could be reached from elsewhere; the server has no business there.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// Another process holds the state directory's lock.
    #[error("the state directory {} is in use by another server", .0.display())]
    Locked(PathBuf),
    /// The state directory cannot be made, read or written.
    #[error("cannot use {}", path.display())]
    State {
        /// What was being used.
        path: PathBuf,
        /// Why it could not be.
        #[source]
        source: io::Error,
    },
    /// The journal was written by a release with another format.
    #[error("{} has format version {found}; this release reads version {known}", path.display())]
    Version {
        /// The journal.
        path: PathBuf,
        /// The version that it says it has.
        found: u32,
        /// The version that this release reads and writes.
        known: u32,
    },
    /// A line of the journal other than the last, possibly torn one, is not what was written.
    #[error("{} is damaged at line {line}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// One-based number of the line.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
}
