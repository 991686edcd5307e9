//! The client `object-store`: crate `object_store`, feature `aws`. The crate sends single requests and retries them;
//! parts, ranges and the requests in flight are left to its callers.
//!
//! Payloads are unsigned, as `sdk-rust` sends them: signing would hash every payload over plain http too. Of checksums
//! the crate sends two, in a header, and validates none.

mod counted;
mod credentials;
mod download;
mod failure;
mod requests;
#[cfg(test)]
mod tests;
mod transfer;

use std::sync::Arc;

use object_store::RetryConfig;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use workload_schema::Checksum;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};

use self::counted::CountedConnector;
use self::credentials::ChainCredentials;
use self::requests::ObjectStoreRequests;
use crate::endpoint::RequestCounter;
use crate::native::transfer::TransferClient;
use crate::native::{ClientSettings, MakeError, crate_version};

/// The client over crate `object_store`.
pub type ObjectStoreClient = TransferClient<ObjectStoreRequests>;

impl ObjectStoreClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        Self::with_retries(settings, RetryConfig::default()).await
    }

    async fn with_retries(settings: &ClientSettings, retries: RetryConfig) -> Result<Self, MakeError> {
        let counter = RequestCounter::default();
        let store = store(settings, retries, &counter).await?;
        Ok(Self::of(ObjectStoreRequests { store, counter }, settings, hello(settings)))
    }
}

fn hello(settings: &ClientSettings) -> Hello {
    Hello {
        checksum_placement: Some(match settings.checksum {
            Some(_) => ChecksumPlacement::Header,
            None => ChecksumPlacement::None,
        }),
        buffer_residency: Some(if settings.files_on_disk { BufferResidency::Part } else { BufferResidency::Streamed }),
        ..settings.hello("object-store", &crate_version::OBJECT_STORE)
    }
}

async fn store(
    settings: &ClientSettings,
    retries: RetryConfig,
    counter: &RequestCounter,
) -> Result<AmazonS3, MakeError> {
    let connection = &settings.connection;
    let credentials = ChainCredentials::of(connection)
        .await
        .ok_or_else(|| MakeError::Fail("object-store: no source of credentials".to_owned()))?;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(settings.bucket.as_str())
        .with_region(&connection.region)
        .with_credentials(Arc::new(credentials))
        .with_http_connector(CountedConnector(counter.clone()))
        .with_retry(retries)
        .with_allow_http(connection.is_plain_http())
        // A zonal bucket needs session credentials, which the crate fetches itself.
        .with_s3_express(settings.bucket.as_str().ends_with("--x-s3"))
        .with_unsigned_payload(true);
    if let Some(endpoint) = &connection.endpoint_url {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(checksum) = settings.checksum.and_then(known_to_the_crate) {
        builder = builder.with_checksum_algorithm(checksum);
    }
    builder.build().map_err(|error| MakeError::Fail(format!("object-store: {error}")))
}

/// The checksum as the crate names it; none where it has no name for it, which the declaration leaves out.
fn known_to_the_crate(checksum: Checksum) -> Option<object_store::aws::Checksum> {
    match checksum {
        Checksum::Sha256 => Some(object_store::aws::Checksum::SHA256),
        Checksum::Crc64nvme => Some(object_store::aws::Checksum::CRC64NVME),
        Checksum::Crc32 | Checksum::Crc32c | Checksum::Sha1 => None,
    }
}
