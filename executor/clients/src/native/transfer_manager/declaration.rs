//! What the client `sdk-rust-tm` is and can do.

use crate::declaration::{Capabilities, Declaration, Validation};
use crate::native::{Feature, NativeDeclaration, crate_version};

/// The client `sdk-rust-tm`.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: "sdk-rust-tm",
        about: "Rust: crate aws-sdk-s3-transfer-manager",
        library: "aws-sdk-s3-transfer-manager",
        capabilities: Capabilities {
            // It reads larger objects by ranges and leaves it to the SDK to validate each answer, where a store sends
            // no checksum of a range.
            validates: Validation::UpToAPart,
            ..Capabilities::ALL
        },
    },
    feature: Some(Feature { name: "transfer-manager", is_built_in: cfg!(feature = "transfer-manager") }),
    version: || crate_version::TRANSFER_MANAGER.to_string(),
};
