//! The record of requests: the evidence of what a client really did.

use serde::{Deserialize, Serialize};

use crate::checksum::ChecksumAlgorithm;

/// Turns the recording on or off; off forgets what was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordingRequest {
    /// Whether requests are to be recorded.
    pub enabled: bool,
    /// How many requests are kept at most; the newest beyond that are counted as dropped. 250,000 if absent.
    #[serde(default)]
    pub capacity: Option<usize>,
}

/// Asks for what was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordsRequest {
    /// Whether to forget what is given out.
    #[serde(default)]
    pub clear: bool,
}

/// What was recorded, in the order in which the responses ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordsResponse {
    /// The requests.
    pub records: Vec<RequestRecord>,
    /// How many requests there were beyond the capacity.
    pub dropped: u64,
}

/// Where a checksum of an upload stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChecksumPlace {
    /// In a header.
    Header,
    /// In a trailer after the body.
    Trailer,
}

/// How the payload was covered by the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PayloadSigning {
    /// Not at all: `UNSIGNED-PAYLOAD`.
    Unsigned,
    /// By the SHA-256 of the body in a header.
    Sha256,
    /// aws-chunked with a signature for each chunk.
    SignedChunks,
    /// aws-chunked with signed chunks and a trailer.
    SignedChunksTrailer,
    /// aws-chunked without signatures, with a trailer.
    UnsignedTrailer,
    /// A presigned URL.
    Presigned,
    /// No `x-amz-content-sha256` header.
    Absent,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// The operation's name in the S3 API.
    pub operation: String,
    /// The bucket, if the request named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The key, if the request named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The `Range` header as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// Bytes of the request's body as they were on the wire, aws-chunked framing included.
    pub request_body_bytes: u64,
    /// Length of the body without aws-chunked framing, if the client said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoded_body_bytes: Option<u64>,
    /// Bytes of the response's body that were handed to the connection.
    pub response_body_bytes: u64,
    /// HTTP status; absent if the connection was cut before one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Algorithm of the checksum that the client sent, or asked for in a read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_algorithm: Option<ChecksumAlgorithm>,
    /// Where that checksum stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_place: Option<ChecksumPlace>,
    /// Whether a read asked for checksums (`x-amz-checksum-mode: ENABLED`).
    pub checksum_mode: bool,
    /// How the payload was signed.
    pub payload_signing: PayloadSigning,
    /// Counts connections from 1.
    pub connection: u64,
    /// Upload id of a multipart request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
    /// Part number of a multipart request or of a read by part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_number: Option<u32>,
    /// The `User-Agent` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The `amz-sdk-request` header, which says the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    /// `CLOCK_MONOTONIC` when the head of the request was read, in nanoseconds.
    pub start_ns: u64,
    /// `CLOCK_MONOTONIC` when the last of the response was handed to the connection, in nanoseconds.
    pub end_ns: u64,
    /// Whether the response's body ended as it should.
    pub complete: bool,
    /// Names of the faults that were done to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}
