//! Fault rules: which requests are to suffer, and what.

use serde::{Deserialize, Serialize};

/// Replaces all fault rules; an empty list ends all misbehaviour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultsRequest {
    /// The rules; every one that matches a request is done to it, in this order.
    pub rules: Vec<FaultRule>,
}

/// A fault and the requests that it is done to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// What is done.
    pub kind: FaultKind,
    /// Names of the operations that it is done to; all if empty.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Only requests whose key starts with this.
    #[serde(default)]
    pub key_prefix: Option<String>,
    /// Share of the matching requests that it is done to.
    #[serde(default = "always")]
    pub rate: f64,
    /// Only the first so many matching requests are looked at.
    #[serde(default)]
    pub first: Option<u64>,
    /// So many matching requests are let through before any other.
    #[serde(default)]
    pub skip: u64,
    /// With the same seed the same ones of the matching requests are chosen, in the order of their arrival.
    #[serde(default)]
    pub seed: u64,
}

fn always() -> f64 {
    1.0
}

impl FaultRule {
    /// The fault done to every request.
    pub fn always(kind: FaultKind) -> Self {
        Self { kind, operations: Vec::new(), key_prefix: None, rate: 1.0, first: None, skip: 0, seed: 0 }
    }

    /// The same for requests of one operation only.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operations.push(operation.to_owned());
        self
    }

    /// The same for the first `count` matching requests only.
    #[must_use]
    pub fn first(mut self, count: u64) -> Self {
        self.first = Some(count);
        self
    }
}

/// What is done to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// 503 `SlowDown`, and nothing else happens.
    SlowDown,
    /// 500 `InternalError`, and nothing else happens.
    InternalError,
    /// The request waits before it is handled.
    Latency {
        /// How long.
        nanoseconds: u64,
    },
    /// The request takes longer than it would, by a share of the time it took.
    SlowBy {
        /// The share, in percent.
        percent: f64,
    },
    /// The last of so many matching requests is held back, so that all of them together take longer by a share of the
    /// time since the first of them came. It is for closed loops of a known number of requests.
    HoldLast {
        /// How many requests there are.
        requests: u64,
        /// The share, in percent.
        percent: f64,
    },
    /// The bodies of the request and of the response move no faster than this, each on its own.
    Bandwidth {
        /// The rate.
        bytes_per_second: u64,
    },
    /// The connection is reset: at once, or after so many bytes of the response's body.
    Reset {
        /// Bytes of the response's body before the reset; absent: before anything is done or answered.
        #[serde(default)]
        after_bytes: Option<u64>,
    },
    /// The connection is closed in order, but before the end of the response's body.
    TruncateBody {
        /// Bytes of the body that are sent.
        after_bytes: u64,
    },
    /// One bit of the response's body is flipped.
    CorruptBody {
        /// Which byte; the last one if the body is shorter.
        offset: u64,
    },
    /// The `x-amz-checksum-*` header of the response has another value.
    WrongChecksum,
}

impl FaultKind {
    /// Name of the kind, as it stands in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SlowDown => "slowDown",
            Self::InternalError => "internalError",
            Self::Latency { .. } => "latency",
            Self::SlowBy { .. } => "slowBy",
            Self::HoldLast { .. } => "holdLast",
            Self::Bandwidth { .. } => "bandwidth",
            Self::Reset { .. } => "reset",
            Self::TruncateBody { .. } => "truncateBody",
            Self::CorruptBody { .. } => "corruptBody",
            Self::WrongChecksum => "wrongChecksum",
        }
    }
}

/// The rules that are set and what they have done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultsResponse {
    /// In the order of the rules.
    pub rules: Vec<FaultHits>,
}

/// What a rule has done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultHits {
    /// The rule.
    pub rule: FaultRule,
    /// Requests that it matched.
    pub matched: u64,
    /// Requests that it was done to.
    pub done: u64,
}
