//! What the client `object-store` is and can do.

use workload_schema::Checksum;

use crate::declaration::{Capabilities, Declaration, Validation};
use crate::native::{Feature, NativeDeclaration, crate_version};

/// The client `object-store`.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: "object-store",
        about: "Rust: crate object_store",
        library: "object_store",
        capabilities: Capabilities {
            sends: &[Checksum::Crc64nvme, Checksum::Sha256],
            validates: Validation::Nothing,
            ..Capabilities::ALL
        },
    },
    feature: Some(Feature { name: "object-store", is_built_in: cfg!(feature = "object-store") }),
    version: || crate_version::OBJECT_STORE.to_string(),
};
