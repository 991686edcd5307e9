//! Causes of failed tasks, as reports group them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cause of a failure, as reports group it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ErrorKind {
    /// 503 `SlowDown`, 429 and similar answers.
    Throttled,
    /// The object does not exist.
    MissingKey,
    /// The bucket does not exist.
    MissingBucket,
    /// The credentials are wrong or do not permit this.
    Denied,
    /// The store could not be reached, or it closed the connection.
    Connection,
    /// The store did not answer in time.
    Timeout,
    /// Bytes are missing, or do not match their checksum or expected content.
    Integrity,
    /// The local disk failed: it is full, a file is missing, or permission is denied.
    Disk,
    /// The store failed (5xx other than throttling).
    Server,
    /// The store refused the request (4xx other than those above).
    Refused,
    /// The runner ended early or broke the protocol.
    Runner,
    /// None of the above.
    Other,
}

impl ErrorKind {
    /// All kinds. Task records store the position of a kind in this list, so new kinds are appended.
    pub const ALL: [Self; 12] = [
        Self::Throttled,
        Self::MissingKey,
        Self::MissingBucket,
        Self::Denied,
        Self::Connection,
        Self::Timeout,
        Self::Integrity,
        Self::Disk,
        Self::Server,
        Self::Refused,
        Self::Runner,
        Self::Other,
    ];

    /// The spelling of the kind in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::MissingKey => "missingKey",
            Self::MissingBucket => "missingBucket",
            Self::Denied => "denied",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Integrity => "integrity",
            Self::Disk => "disk",
            Self::Server => "server",
            Self::Refused => "refused",
            Self::Runner => "runner",
            Self::Other => "other",
        }
    }

    /// What a person can do about it, if anything.
    pub fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Throttled => "the store asks for fewer requests: lower --target-throughput or wait",
            Self::MissingKey => "prepare the bucket first: wlx prep bucket WORKLOAD",
            Self::MissingBucket => "name an existing bucket with --bucket, or make it: wlx prep bucket",
            Self::Denied => "check the credentials and that they may use this bucket: wlx config",
            Self::Connection => "check --endpoint-url and that the store is up",
            Self::Integrity => {
                "the object is not what the plan says, or the store altered it: wlx prep bucket --verify"
            }
            Self::Disk => "check the free space and the permissions of --files-dir",
            Self::Timeout | Self::Server | Self::Refused | Self::Runner | Self::Other => {
                return None;
            }
        })
    }
}

/// How many tasks failed for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorCount {
    /// The cause.
    pub kind: ErrorKind,
    /// HTTP status of the response, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// S3 error code, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_code: Option<String>,
    /// The message of the first failed task, with its key.
    pub message: String,
    /// How many tasks failed for this cause.
    pub count: u64,
}
