//! The record of requests: what a client really sent, as the server saw it.

use serde::{Deserialize, Serialize};

use crate::checksum::ChecksumAlgorithm;

/// Turns recording on or off. Turning it off forgets what was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordingRequest {
    /// Whether requests are to be recorded.
    pub enabled: bool,
    /// How many requests are kept at most. Later ones are only counted, as dropped. 250,000 if absent.
    #[serde(default)]
    pub capacity: Option<usize>,
}

/// Asks for the requests that were recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordsRequest {
    /// Whether the server forgets them then.
    #[serde(default)]
    pub clear: bool,
}

/// The requests that were recorded, in the order in which their responses ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordsResponse {
    /// The requests.
    pub records: Vec<RequestRecord>,
    /// Number of requests that were not kept because the capacity was reached.
    pub dropped: u64,
}

/// Where the checksum of an upload was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChecksumPlace {
    /// In a header.
    Header,
    /// In a trailer after the body.
    Trailer,
}

/// How the signature covers the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PayloadSigning {
    /// Not at all, with `UNSIGNED-PAYLOAD` in place of a digest.
    Unsigned,
    /// With the SHA-256 of the body in a header.
    Sha256,
    /// With a signature per chunk (aws-chunked).
    SignedChunks,
    /// With a signature per chunk and a signed trailer (aws-chunked).
    SignedChunksTrailer,
    /// Not at all, with a trailer after the body (aws-chunked).
    UnsignedTrailer,
    /// Not at all, because the URL is presigned.
    Presigned,
    /// The request has no `x-amz-content-sha256` header.
    Absent,
}

/// One request and its response.
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
    /// Length of the body without aws-chunked framing, if the client sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoded_body_bytes: Option<u64>,
    /// Bytes of the response's body that were handed to the connection.
    pub response_body_bytes: u64,
    /// HTTP status. Absent if the connection ended before an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Algorithm of the checksum that the client sent with the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_algorithm: Option<ChecksumAlgorithm>,
    /// Where that checksum was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_place: Option<ChecksumPlace>,
    /// Whether a read asked for checksums (`x-amz-checksum-mode: ENABLED`).
    pub checksum_mode: bool,
    /// How the payload was signed.
    pub payload_signing: PayloadSigning,
    /// Number of the connection, counted from 1.
    pub connection: u64,
    /// Upload id of a multipart request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
    /// Part number of a multipart request or of a read of one part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_number: Option<u32>,
    /// The `User-Agent` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The `amz-sdk-request` header, in which SDKs number their attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    /// `CLOCK_MONOTONIC` in nanoseconds when the head of the request was read.
    pub start_ns: u64,
    /// `CLOCK_MONOTONIC` in nanoseconds when the last byte of the response was handed to the connection.
    pub end_ns: u64,
    /// Whether the whole body of the response was handed to the connection.
    pub complete: bool,
    /// Names of the faults that were applied to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}
