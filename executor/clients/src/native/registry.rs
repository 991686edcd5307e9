//! The ids of the built-in clients, and how each is made.

use std::fmt;
use std::str::FromStr;

use super::crate_version;
#[cfg(feature = "crt")]
use super::crt_rust::CrtRustClient;
use super::hyper::HyperClient;
use super::null::NullClient;
#[cfg(feature = "object-store")]
use super::object_store::ObjectStoreClient;
use super::sdk_rust::SdkRustClient;
#[cfg(feature = "transfer-manager")]
use super::transfer_manager::TransferManagerClient;
use super::{Client, ClientSettings};
use workload_schema::NULL_CLIENT;

/// A client that this program carries itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientId {
    /// aws-sdk-s3.
    SdkRust,
    /// hyper and no SDK.
    Hyper,
    /// aws-sdk-s3-transfer-manager; known always, built with a feature.
    SdkRustTm,
    /// `object_store`; known always, built with a feature.
    ObjectStore,
    /// The AWS CRT through mountpoint-s3-client; known always, built with a feature.
    CrtRust,
    /// No I/O at all: the floor of our own measuring.
    Null,
}

/// An id that names no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown client `{0}` (known: {known})", known = ClientId::ALL.map(ClientId::as_str).join(", "))]
pub struct UnknownClient(pub String);

/// Why a client cannot be made for a workload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// It cannot do this workload: the run is skipped.
    #[error("{0}")]
    Skip(String),
    /// It should, but something is wrong: the run fails.
    #[error("{0}")]
    Fail(String),
}

impl ClientId {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] =
        [Self::SdkRust, Self::Hyper, Self::SdkRustTm, Self::ObjectStore, Self::CrtRust, Self::Null];

    /// The id as contract 5 spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SdkRust => "sdk-rust",
            Self::Hyper => "hyper",
            Self::SdkRustTm => "sdk-rust-tm",
            Self::ObjectStore => "object-store",
            Self::CrtRust => "crt-rust",
            Self::Null => NULL_CLIENT,
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::SdkRust => "Rust: crate aws-sdk-s3",
            Self::Hyper => "Rust: crate hyper and Signature V4, no SDK",
            Self::SdkRustTm => "Rust: crate aws-sdk-s3-transfer-manager",
            Self::ObjectStore => "Rust: crate object_store",
            Self::CrtRust => "Rust: the AWS CRT through crate mountpoint-s3-client",
            Self::Null => "no I/O at all: the floor of our own measuring",
        }
    }

    /// The crate that it is, with its version.
    pub fn version(self) -> String {
        match self {
            Self::SdkRust => format!("aws-sdk-s3 {}", aws_sdk_s3::meta::PKG_VERSION),
            Self::Hyper => crate_version::HYPER.to_string(),
            Self::SdkRustTm => crate_version::TRANSFER_MANAGER.to_string(),
            Self::ObjectStore => crate_version::OBJECT_STORE.to_string(),
            Self::CrtRust => crate_version::MOUNTPOINT_CLIENT.to_string(),
            Self::Null => env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// What it can do.
    pub fn capabilities(self) -> &'static str {
        match self {
            Self::SdkRust | Self::Hyper | Self::Null => "all workloads, all checksums",
            Self::SdkRustTm => "all workloads; of downloads above a part no checksum is validated",
            Self::CrtRust => "all workloads; checksums of uploads only",
            Self::ObjectStore => "all workloads; SHA256 and CRC64NVME of uploads only",
        }
    }

    /// The cargo feature that it is built with, where it is not always there.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Self::SdkRust | Self::Hyper | Self::Null => None,
            Self::SdkRustTm => Some("transfer-manager"),
            Self::ObjectStore => Some("object-store"),
            Self::CrtRust => Some("crt"),
        }
    }

    /// Whether this build has it.
    pub fn is_built_in(self) -> bool {
        match self {
            Self::SdkRust | Self::Hyper | Self::Null => true,
            Self::SdkRustTm => cfg!(feature = "transfer-manager"),
            Self::ObjectStore => cfg!(feature = "object-store"),
            Self::CrtRust => cfg!(feature = "crt"),
        }
    }

    /// Makes the client, ready to run.
    pub async fn make(self, settings: &ClientSettings) -> Result<Box<dyn Client>, MakeError> {
        if !self.is_built_in() {
            return Err(self.not_built_in());
        }
        Ok(match self {
            Self::SdkRust => Box::new(SdkRustClient::new(settings).await),
            Self::Hyper => Box::new(HyperClient::new(settings).await?),
            Self::Null => Box::new(NullClient::new()),
            #[cfg(feature = "object-store")]
            Self::ObjectStore => Box::new(ObjectStoreClient::new(settings).await?),
            #[cfg(feature = "transfer-manager")]
            Self::SdkRustTm => Box::new(TransferManagerClient::new(settings).await?),
            #[cfg(feature = "crt")]
            Self::CrtRust => Box::new(CrtRustClient::new(settings).await?),
            #[cfg(not(all(feature = "crt", feature = "object-store", feature = "transfer-manager")))]
            _ => unreachable!("all others are built in"),
        })
    }

    fn not_built_in(self) -> MakeError {
        let feature = self.feature().expect("a client without a feature is in every build");
        MakeError::Fail(format!(
            "this wlx was built without {self}; build it with: cargo build --release --features {feature}"
        ))
    }
}

impl FromStr for ClientId {
    type Err = UnknownClient;

    fn from_str(id: &str) -> Result<Self, UnknownClient> {
        Self::ALL.into_iter().find(|client| client.as_str() == id).ok_or_else(|| UnknownClient(id.to_owned()))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for client in ClientId::ALL {
            assert_eq!(client.as_str().parse(), Ok(client));
            assert!(client.is_built_in() || client.feature().is_some(), "{client}");
        }
    }

    #[tokio::test]
    async fn the_version_that_is_listed_is_the_one_that_is_said() {
        let server = crate::native::testing::TestServer::start().await;
        for client in ClientId::ALL.into_iter().filter(|client| client.is_built_in()) {
            let said = client.make(&server.settings(None)).await.unwrap().hello().client_version;
            assert_eq!(said, client.version());
        }
    }

    #[tokio::test]
    async fn a_client_that_is_not_in_this_build_says_how_to_get_it() {
        let server = crate::native::testing::TestServer::start().await;
        for client in ClientId::ALL {
            let made = client.make(&server.settings(None)).await.map(|client| client.hello().client);
            let expected = if client.is_built_in() { Ok(client.to_string()) } else { Err(client.not_built_in()) };
            assert_eq!(made, expected);
        }
        assert_eq!(
            ClientId::CrtRust.not_built_in().to_string(),
            "this wlx was built without crt-rust; build it with: cargo build --release --features crt"
        );
    }
}
