//! What the client `crt-rust` is and can do.

use crate::declaration::{Capabilities, Declaration, Validation};
use crate::native::{Feature, NativeDeclaration, crate_version};

/// The client `crt-rust`.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: "crt-rust",
        about: "Rust: the AWS CRT through crate mountpoint-s3-client",
        library: "mountpoint-s3-client",
        capabilities: Capabilities {
            validates: Validation::Nothing,
            may_leave_the_endpoint: true,
            ..Capabilities::ALL
        },
    },
    feature: Some(Feature { name: "crt", is_built_in: cfg!(feature = "crt") }),
    version: || crate_version::MOUNTPOINT_CLIENT.to_string(),
};
