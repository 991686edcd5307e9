//! What the client `sdk-rust` is and can do.

use crate::declaration::{Capabilities, Declaration};
use crate::native::NativeDeclaration;

/// The client `sdk-rust`.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: "sdk-rust",
        about: "Rust: crate aws-sdk-s3",
        library: "aws-sdk-s3",
        capabilities: Capabilities::ALL,
    },
    feature: None,
    version: || format!("aws-sdk-s3 {}", aws_sdk_s3::meta::PKG_VERSION),
};
