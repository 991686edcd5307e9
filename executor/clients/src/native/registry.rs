//! The ids of the built-in clients, and how each is made.

use std::fmt;
use std::str::FromStr;

use super::{
    Client, ClientSettings, Feature, MakeError, NativeDeclaration, crt_rust, hyper, null, object_store, sdk_rust,
    transfer_manager,
};
use crate::declaration::Declaration;

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

impl ClientId {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] =
        [Self::SdkRust, Self::Hyper, Self::SdkRustTm, Self::ObjectStore, Self::CrtRust, Self::Null];

    /// What it is and can do.
    pub fn native(self) -> &'static NativeDeclaration {
        match self {
            Self::SdkRust => &sdk_rust::DECLARATION,
            Self::Hyper => &hyper::DECLARATION,
            Self::SdkRustTm => &transfer_manager::DECLARATION,
            Self::ObjectStore => &object_store::DECLARATION,
            Self::CrtRust => &crt_rust::DECLARATION,
            Self::Null => &null::DECLARATION,
        }
    }

    /// What it is and can do, without what only clients of this program have.
    pub fn declaration(self) -> &'static Declaration {
        &self.native().declaration
    }

    /// The id as contract 5 spells it.
    pub fn as_str(self) -> &'static str {
        self.declaration().id
    }

    /// The crate that it is, with its version.
    pub fn version(self) -> String {
        (self.native().version)()
    }

    /// Whether this build has it.
    pub fn is_built_in(self) -> bool {
        self.native().feature.is_none_or(|feature| feature.is_built_in)
    }

    /// Makes the client, ready to run.
    pub async fn make(self, settings: &ClientSettings) -> Result<Box<dyn Client>, MakeError> {
        if let Some(feature) = self.native().feature.filter(|feature| !feature.is_built_in) {
            return Err(self.not_built_in(feature));
        }
        self.declaration().covers(&settings.needs()).map_err(MakeError::Skip)?;
        Ok(match self {
            Self::SdkRust => Box::new(sdk_rust::SdkRustClient::new(settings).await?),
            Self::Hyper => Box::new(hyper::HyperClient::new(settings).await?),
            Self::Null => Box::new(null::NullClient::new()),
            #[cfg(feature = "object-store")]
            Self::ObjectStore => Box::new(object_store::ObjectStoreClient::new(settings).await?),
            #[cfg(feature = "transfer-manager")]
            Self::SdkRustTm => Box::new(transfer_manager::TransferManagerClient::new(settings).await?),
            #[cfg(feature = "crt")]
            Self::CrtRust => Box::new(crt_rust::CrtRustClient::new(settings).await?),
            #[cfg(not(all(feature = "crt", feature = "object-store", feature = "transfer-manager")))]
            _ => unreachable!("all others are built in"),
        })
    }

    fn not_built_in(self, feature: Feature) -> MakeError {
        MakeError::Fail(format!(
            "this wlx was built without {self}; build it with: cargo build --release --features {}",
            feature.name
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
    use workload_schema::{BucketName, Checksum};

    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for client in ClientId::ALL {
            assert_eq!(client.as_str().parse(), Ok(client));
            assert!(client.is_built_in() || client.native().feature.is_some(), "{client}");
        }
    }

    #[tokio::test]
    async fn what_a_client_does_not_cover_is_skipped() {
        let server = crate::native::testing::TestServer::start().await;
        let mut settings = server.settings(None);
        settings.connection.endpoint_url = None;
        settings.bucket = BucketName::new("bench--use1-az4--x-s3").unwrap();
        let reason = "directory buckets need sessions, which this client cannot open";
        assert_eq!(ClientId::Hyper.make(&settings).await.err(), Some(MakeError::Skip(reason.to_owned())));
        for (client, settings, reason) in [
            (
                ClientId::ObjectStore,
                settings_with(&server, Checksum::Crc32),
                "object_store does not validate the CRC32 of downloads",
            ),
            (
                ClientId::ObjectStore,
                ClientSettings { largest_download: None, ..settings_with(&server, Checksum::Sha1) },
                "object_store cannot send SHA1, only CRC64NVME and SHA256",
            ),
            (
                ClientId::CrtRust,
                settings_with(&server, Checksum::Sha256),
                "mountpoint-s3-client does not validate the SHA256 of downloads",
            ),
            (
                ClientId::SdkRustTm,
                ClientSettings { largest_download: Some((8 << 20) + 1), ..settings_with(&server, Checksum::Crc32) },
                "aws-sdk-s3-transfer-manager does not validate the CRC32 of downloads above a part of 8388608 bytes",
            ),
        ] {
            assert_eq!(client.declaration().covers(&settings.needs()), Err(reason.to_owned()));
        }
    }

    fn settings_with(server: &crate::native::testing::TestServer, checksum: Checksum) -> ClientSettings {
        server.settings(Some(checksum))
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
            let expected = match client.native().feature {
                Some(feature) if !feature.is_built_in => Err(client.not_built_in(feature)),
                _ => Ok(client.to_string()),
            };
            assert_eq!(made, expected);
        }
        assert_eq!(
            ClientId::CrtRust.not_built_in(Feature { name: "crt", is_built_in: false }).to_string(),
            "this wlx was built without crt-rust; build it with: cargo build --release --features crt"
        );
    }
}
