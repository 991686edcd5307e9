//! The store that is measured, ready to be worked with: the one that the settings name, or the embedded server.

use s3_clients::endpoint::Connection;
use workload_schema::BucketName;

use super::{EmbeddedError, EmbeddedServer};
use crate::settings::{Settings, SettingsError};

/// A store ready to be worked with. The embedded server lives as long as this value.
#[derive(Debug)]
pub struct Store {
    /// How to reach the store.
    pub connection: Connection,
    /// The bucket to work in.
    pub bucket: BucketName,
    /// The embedded server, where that is the store.
    pub embedded: Option<EmbeddedServer>,
}

/// Why there is no store to work with.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Settings do not name one.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The embedded server did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
}

impl Store {
    /// The store that the settings name, or a freshly started embedded server.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        let bucket = settings.bucket()?.clone();
        if !settings.wants_embedded_server() {
            return Ok(Self { connection: settings.connection(), bucket, embedded: None });
        }
        let server = EmbeddedServer::start(&settings.state_dir.join("s3"), &settings.region.value).await?;
        Ok(Self { connection: server.ready().connection(), bucket, embedded: Some(server) })
    }

    /// Stops the embedded server, if there is one, and waits for it.
    pub async fn close(self) {
        if let Some(server) = self.embedded {
            server.stop().await;
        }
    }
}
