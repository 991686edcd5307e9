//! What a client was seen to do in one repeat, in numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a client did in one repeat.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// Seconds that it reported.
    pub seconds: f64,
    /// Seconds from the beginning of the first of its requests to the end of the last, at the server.
    pub requests_seconds: f64,
    /// Requests on the clock, by operation.
    pub requests: BTreeMap<String, u64>,
    /// Requests of its process off the clock, by operation: before a repeat, or after it.
    pub off_the_clock: BTreeMap<String, u64>,
    /// Requests that carried payload, by the bytes of it: the parts and ranges.
    pub pieces: BTreeMap<u64, u64>,
    /// Requests that carried payload and named a range or a part.
    pub ranged: u64,
    /// Bytes of payload sent.
    pub sent_bytes: u64,
    /// Bytes of payload received.
    pub received_bytes: u64,
    /// Bytes of request bodies on the wire, framing and documents included.
    pub wire_sent_bytes: u64,
    /// Bytes of response bodies on the wire.
    pub wire_received_bytes: u64,
    /// Checksums that payload was sent with: `CRC32C trailer`, and on how many requests.
    pub checksums: BTreeMap<String, u64>,
    /// Reads that asked for the checksum of the object.
    pub asked_for_checksum: u64,
    /// How payload that was sent was signed, on how many requests.
    pub signing: BTreeMap<String, u64>,
    /// Connections used.
    pub connections: u64,
    /// Connections among them that no earlier repeat had used.
    pub new_connections: u64,
    /// Requests that were sent again.
    pub retries: u64,
    /// Reads that it hung up on.
    pub hung_up: u64,
}

/// Operations that carry payload to the store.
pub const WRITES: [&str; 2] = ["PutObject", "UploadPart"];
/// The operation that carries payload from it.
pub const READ: &str = "GetObject";
/// Operations that list.
pub const LISTS: [&str; 4] = ["ListObjectsV2", "ListObjects", "ListObjectVersions", "ListMultipartUploads"];

/// What stands for no checksum in [`Work::checksums`].
pub const NO_CHECKSUM: &str = "none";

impl Work {
    /// Requests on the clock in all.
    pub fn all_requests(&self) -> u64 {
        self.requests.values().sum()
    }

    /// Requests on the clock of `operation`.
    pub fn count(&self, operation: &str) -> u64 {
        self.requests.get(operation).copied().unwrap_or(0)
    }

    /// Requests on the clock that list.
    pub fn lists(&self) -> u64 {
        LISTS.iter().map(|operation| self.count(operation)).sum()
    }

    /// Requests that carried payload.
    pub fn payload_requests(&self) -> u64 {
        self.pieces.values().sum()
    }

    /// Bytes of the largest part or range.
    pub fn largest_piece(&self) -> u64 {
        self.pieces.keys().next_back().copied().unwrap_or(0)
    }

    /// Seconds that it reported beyond those of its requests: the start of its process, its own work before the first
    /// request and after the last.
    pub fn beside_requests_seconds(&self) -> f64 {
        self.seconds - self.requests_seconds
    }
}
