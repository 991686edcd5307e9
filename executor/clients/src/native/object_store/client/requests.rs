//! What every request needs: the crate's store, counted.

use object_store::aws::AmazonS3;

use crate::endpoint::RequestCounter;

/// The crate's store, counted.
#[derive(Debug)]
pub struct ObjectStoreRequests {
    pub(super) store: AmazonS3,
    pub(super) counter: RequestCounter,
}
