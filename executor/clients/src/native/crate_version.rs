//! Versions of crates that do not tell their own. A test compares them with Cargo.lock.

use std::fmt;

/// A crate and its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrateVersion {
    name: &'static str,
    version: &'static str,
}

/// Crate aws-sdk-s3-transfer-manager.
pub const TRANSFER_MANAGER: CrateVersion = CrateVersion { name: "aws-sdk-s3-transfer-manager", version: "0.3.1" };
/// Crate hyper.
pub const HYPER: CrateVersion = CrateVersion { name: "hyper", version: "1.12.0" };
/// Crate mountpoint-s3-client.
pub const MOUNTPOINT_CLIENT: CrateVersion = CrateVersion { name: "mountpoint-s3-client", version: "0.22.1" };
/// Crate `object_store`.
pub const OBJECT_STORE: CrateVersion = CrateVersion { name: "object_store", version: "0.14.2" };

impl fmt::Display for CrateVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_those_that_are_built() {
        let lock: toml::Table = toml::from_str(include_str!("../../../../Cargo.lock")).unwrap();
        let packages = lock["package"].as_array().unwrap();
        for known in [HYPER, MOUNTPOINT_CLIENT, OBJECT_STORE, TRANSFER_MANAGER] {
            let locked: Vec<_> = packages
                .iter()
                .filter(|package| package["name"].as_str() == Some(known.name))
                .map(|package| package["version"].as_str().unwrap())
                .collect();
            // The SDK brings an older hyper beside ours.
            assert!(locked.contains(&known.version), "{known}: {locked:?}");
        }
    }
}
