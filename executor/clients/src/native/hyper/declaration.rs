//! What the client `hyper` is and can do.

use crate::declaration::{Capabilities, Declaration, DirectoryBuckets};
use crate::native::{NativeDeclaration, crate_version};

/// The client `hyper`.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: "hyper",
        about: "Rust: crate hyper and Signature V4, no SDK",
        library: "hyper",
        capabilities: Capabilities { directory_buckets: DirectoryBuckets::AtEndpoints, ..Capabilities::ALL },
    },
    feature: None,
    version: || crate_version::HYPER.to_string(),
};
