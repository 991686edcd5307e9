//! What must hold of an object before a change replaces or removes it.

use super::{bucket::Object, error::ObjectsError};

/// What must hold of the object that a change replaces or removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Precondition {
    None,
    Absent,
    Present,
    /// The object has this `ETag`, without quotes.
    ETag(String),
}

impl Precondition {
    pub(super) fn check(&self, current: Option<&Object>) -> Result<(), ObjectsError> {
        match (self, current) {
            (Self::None, _) | (Self::Absent, None) | (Self::Present, Some(_)) => Ok(()),
            (Self::ETag(etag), Some(object)) if object.etag == *etag => Ok(()),
            (Self::Present | Self::ETag(_), None) => Err(ObjectsError::NoSuchKey),
            (Self::Absent | Self::ETag(_), Some(_)) => Err(ObjectsError::PreconditionFailed),
        }
    }
}
