//! Why a server does not start.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why [`start`](crate::start) failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address can be reached from other machines, which the server does not allow.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// Another process holds the state directory's lock.
    #[error("the state directory {} is in use by another server", .0.display())]
    Locked(PathBuf),
    /// The state directory cannot be created, read or written.
    #[error("cannot use {}", path.display())]
    State {
        /// The directory or the file in it.
        path: PathBuf,
        /// Why it cannot be used.
        #[source]
        source: io::Error,
    },
    /// The journal was written by a release with another format.
    #[error("{} has format version {found}; this release reads version {known}", path.display())]
    Version {
        /// The journal.
        path: PathBuf,
        /// The version in its first line.
        found: u32,
        /// The version that this release reads and writes.
        known: u32,
    },
    /// A complete line of the journal cannot be read.
    #[error("{} is damaged at line {line}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// One-based number of the line.
        line: usize,
        /// Why it cannot be read.
        #[source]
        source: serde_json::Error,
    },
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why it cannot.
        #[source]
        source: io::Error,
    },
}
