//! The one owner of all buckets, objects and uploads.

use s3s::dto::{Initiator, Owner};

const DISPLAY_NAME: &str = "embedded";
const ID: &str = "embedded-s3";

pub(super) fn owner() -> Owner {
    Owner { display_name: Some(DISPLAY_NAME.to_owned()), id: Some(ID.to_owned()) }
}

/// The owner as the initiator of a multipart upload.
pub(super) fn initiator() -> Initiator {
    Initiator { display_name: Some(DISPLAY_NAME.to_owned()), id: Some(ID.to_owned()) }
}
