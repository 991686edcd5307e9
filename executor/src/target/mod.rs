//! The store that is measured: how to reach it, and the embedded server where nothing is configured.

mod child_credentials;
mod classify;
mod connection;
mod embedded;
mod failure;
mod request_counter;
mod words;

pub(crate) use classify::error_chain;
pub use classify::{failure_of, failure_of_answer};
pub use connection::{Connection, StaticCredentials};
pub use embedded::{EmbeddedError, EmbeddedServer, Ready};
pub use failure::{Failure, tally};
pub use request_counter::RequestCounter;
pub use words::kind_of_words;

use workload_schema::BucketName;

use crate::settings::{Settings, SettingsError};

/// A store ready to be worked with. The embedded server lives as long as this value.
#[derive(Debug)]
pub struct Target {
    /// How to reach the store.
    pub connection: Connection,
    /// The bucket to work in.
    pub bucket: BucketName,
    /// The embedded server, where that is the store.
    pub embedded: Option<EmbeddedServer>,
}

/// Why there is no store to work with.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Settings do not name one.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The embedded server did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
}

impl Target {
    /// The store that the settings name, or a freshly started embedded server.
    pub async fn open(settings: &Settings) -> Result<Self, TargetError> {
        let bucket = settings.bucket()?.clone();
        if !settings.wants_embedded_server() {
            return Ok(Self { connection: Connection::configured(settings), bucket, embedded: None });
        }
        let server = EmbeddedServer::start(&settings.state_dir.join("s3"), &settings.region.value).await?;
        Ok(Self { connection: Connection::to_embedded(server.ready()), bucket, embedded: Some(server) })
    }

    /// Stops the embedded server, if there is one, and waits for it.
    pub async fn close(self) {
        if let Some(server) = self.embedded {
            server.stop().await;
        }
    }
}
