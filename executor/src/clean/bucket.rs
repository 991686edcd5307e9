//! Undoes what wlx did to the bucket itself.

use crate::prep::bucket::{MARKER_KEY, Origin, remove_ours, rules_without_ours};
use crate::prep::{BucketClient, PrepError};
use s3_clients::endpoint::failure_of;

/// What became of the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    /// It is gone.
    Removed,
    /// Rules and marker are gone; the bucket stays, as wlx did not make it.
    Unmarked,
    /// It stays as it is: something is in it that no plan named.
    NotEmpty,
}

impl Undone {
    /// The words for the bucket.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Unmarked => "without our lifecycle rules and marker; it stays, as wlx did not make it",
            Self::NotEmpty => "not empty: it stays as it is",
        }
    }
}

/// Undoes what wlx did to the bucket. `origin` says how wlx came to use it.
pub(super) async fn undo(store: &BucketClient, origin: Origin) -> Result<Undone, PrepError> {
    let bucket = store.bucket.as_str();
    // The contents of an adopted bucket were there before, or its owner knows them.
    if origin != Origin::Adopted && !is_empty(store).await? {
        return Ok(Undone::NotEmpty);
    }
    if let Some(others) = rules_without_ours(store).await? {
        remove_ours(store, &others).await?;
    }
    // The marker is removed last, only before the bucket: an interrupted clean can be started again.
    let marker = store.s3.delete_object().bucket(bucket).key(MARKER_KEY);
    marker.send().await.map_err(|error| failure_of("remove", MARKER_KEY, &error))?;
    if origin != Origin::Created {
        return Ok(Undone::Unmarked);
    }
    let removed = store.s3.delete_bucket().bucket(bucket).send().await;
    removed.map_err(|error| failure_of("remove bucket", bucket, &error))?;
    Ok(Undone::Removed)
}

/// Whether the bucket holds nothing but our marker.
async fn is_empty(store: &BucketClient) -> Result<bool, PrepError> {
    let page = store.s3.list_objects_v2().bucket(store.bucket.as_str()).max_keys(2).send().await;
    let page = page.map_err(|error| failure_of("list", store.bucket.as_str(), &error))?;
    Ok(page.contents().iter().all(|object| object.key() == Some(MARKER_KEY)))
}
