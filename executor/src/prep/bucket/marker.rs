//! A small object that says that wlx may work in a bucket, and why.

use aws_sdk_s3::primitives::ByteStream;
use serde::{Deserialize, Serialize};
use workload_schema::ErrorKind;

use crate::prep::{BucketClient, PrepError};
use s3_clients::endpoint::{Failure, failure_of};

/// Key of the marker.
pub(crate) const MARKER_KEY: &str = ".wlx-bucket.json";
/// Version of the marker that this release reads and writes.
const VERSION: u64 = 1;
/// Largest marker. A larger object belongs to somebody else.
const LARGEST: i64 = 64 << 10;

/// Why wlx may work in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// wlx made it.
    Created,
    /// The bucket existed and was empty.
    FoundEmpty,
    /// The bucket had content, and the user said `--adopt`.
    Adopted,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Marker {
    version: u64,
    origin: Origin,
}

/// A marker of any version.
#[derive(Debug, Deserialize)]
struct AnyMarker {
    version: u64,
}

/// Reads the marker of the bucket, if it has one.
pub(super) async fn read(store: &BucketClient) -> Result<Option<Origin>, PrepError> {
    let request = store.s3.get_object().bucket(store.bucket.as_str()).key(MARKER_KEY);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            let failure = failure_of("read", MARKER_KEY, &error);
            return if failure.kind == ErrorKind::MissingKey { Ok(None) } else { Err(failure.into()) };
        }
    };
    if answer.content_length().is_none_or(|length| length > LARGEST) {
        return Ok(None);
    }
    let bytes = answer
        .body
        .collect()
        .await
        .map_err(|error| Failure::local(ErrorKind::Connection, format!("read {MARKER_KEY}: {error}")))?;
    let bytes = bytes.into_bytes();
    match serde_json::from_slice::<AnyMarker>(&bytes) {
        Ok(AnyMarker { version }) if version > VERSION => {
            Err(PrepError::NewerBucket { bucket: store.bucket.to_string(), version })
        }
        // Any other object under this key is not ours, and means that the bucket is not empty.
        _ => Ok(serde_json::from_slice::<Marker>(&bytes).ok().map(|marker| marker.origin)),
    }
}

/// Writes the marker.
pub(super) async fn write(store: &BucketClient, origin: Origin) -> Result<(), PrepError> {
    let marker = serde_json::to_vec(&Marker { version: VERSION, origin }).expect("a marker can be written as JSON");
    let request = store.s3.put_object().bucket(store.bucket.as_str()).key(MARKER_KEY);
    request
        .content_type("application/json")
        .body(ByteStream::from(marker))
        .send()
        .await
        .map_err(|error| failure_of("mark the bucket with", MARKER_KEY, &error))?;
    Ok(())
}
