//! What every request needs: the way to the store.

use std::sync::Arc;

use rustls::RootCertStore;
use workload_schema::Checksum;

use super::address::Address;
use super::connection::{Pool, connector_trusting};
use super::signer::Signer;
use super::wire::Wire;
use crate::endpoint::RequestCounter;
use crate::native::{ClientSettings, MakeError};

/// The way to the store, and the checksum to send and validate.
#[derive(Debug)]
pub struct HyperRequests {
    pub(super) wire: Wire,
    pub(super) checksum: Option<Checksum>,
}

impl HyperRequests {
    /// Requests to the bucket of `settings`, over connections that trust `roots`.
    pub async fn trusting(roots: RootCertStore, settings: &ClientSettings) -> Result<Self, MakeError> {
        let address = Address::of(&settings.connection, &settings.bucket)?;
        let wire = Wire {
            pool: Arc::new(Pool::new(address.origin.clone(), connector_trusting(roots))),
            address,
            signer: Signer::new(settings.connection.credentials().await, settings.connection.region.clone()),
            counter: RequestCounter::default(),
        };
        Ok(Self { wire, checksum: settings.checksum })
    }
}
