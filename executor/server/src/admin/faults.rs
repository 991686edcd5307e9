//! Fault rules: which requests have a fault applied to them, and which fault.

use serde::{Deserialize, Serialize};

/// Replaces all fault rules. An empty list turns fault injection off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultsRequest {
    /// The rules. All that match a request are applied to it, in this order.
    pub rules: Vec<FaultRule>,
}

/// A fault and the requests that it is applied to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// The fault.
    pub kind: FaultKind,
    /// Names in the S3 API of the operations that match; all match if this is empty. Any other name is an error.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Only requests whose key starts with this match.
    #[serde(default)]
    pub key_prefix: Option<String>,
    /// Share of the matching requests that it is applied to, from 0 to 1.
    #[serde(default = "always")]
    pub rate: f64,
    /// If set, only this many matching requests can be chosen, counted after the skipped ones.
    #[serde(default)]
    pub first: Option<u64>,
    /// How many matching requests pass before any can be chosen.
    #[serde(default)]
    pub skip: u64,
    /// Decides which of the matching requests are chosen when `rate` is below 1. The same seed chooses the same
    /// numbers in the order of arrival.
    #[serde(default)]
    pub seed: u64,
}

fn always() -> f64 {
    1.0
}

impl FaultRule {
    /// The rule that applies the fault to every request.
    pub fn always(kind: FaultKind) -> Self {
        Self { kind, operations: Vec::new(), key_prefix: None, rate: 1.0, first: None, skip: 0, seed: 0 }
    }

    /// The same rule for one more operation. A rule without any is for all operations.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operations.push(operation.to_owned());
        self
    }

    /// The same rule for the first `count` matching requests only.
    #[must_use]
    pub fn first(mut self, count: u64) -> Self {
        self.first = Some(count);
        self
    }

    /// Whether all values are in the ranges that make sense for them.
    pub(crate) fn is_valid(&self) -> bool {
        let fault = match self.kind {
            FaultKind::SlowBy { percent } | FaultKind::HoldLast { percent, .. } => {
                percent.is_finite() && (0.0..=100_000.0).contains(&percent)
            }
            FaultKind::Bandwidth { bytes_per_second } => bytes_per_second > 0,
            FaultKind::SlowDown
            | FaultKind::InternalError
            | FaultKind::Latency { .. }
            | FaultKind::Reset { .. }
            | FaultKind::TruncateBody { .. }
            | FaultKind::CorruptBody { .. }
            | FaultKind::WrongChecksum => true,
        };
        fault && (0.0..=1.0).contains(&self.rate)
    }
}

/// What a fault does to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// The request is answered 503 `SlowDown` and has no other effect.
    SlowDown,
    /// The request is answered 500 `InternalError` and has no other effect.
    InternalError,
    /// The request waits before it is handled.
    Latency {
        /// How long it waits.
        nanoseconds: u64,
    },
    /// The end of the response is delayed by a share of the time that the request took up to there.
    SlowBy {
        /// The share, in percent.
        percent: f64,
    },
    /// The end of the last response of a series is delayed by a share of the time since the first request of the
    /// series. So the series as a whole takes longer by that share. For closed loops of a known number of requests.
    HoldLast {
        /// How many matching requests the series has.
        requests: u64,
        /// The share, in percent.
        percent: f64,
    },
    /// The bodies of the request and of the response are each limited to a rate.
    Bandwidth {
        /// The rate.
        bytes_per_second: u64,
    },
    /// The connection ends with a TCP reset.
    Reset {
        /// Bytes of the response's body that are sent before. If absent, the reset comes before the request is handled.
        #[serde(default)]
        after_bytes: Option<u64>,
    },
    /// The connection is closed in an orderly way before the end of the response's body.
    TruncateBody {
        /// Bytes of the body that are sent before.
        after_bytes: u64,
    },
    /// One bit of the response's body is flipped.
    CorruptBody {
        /// Offset of the byte. If the body is shorter, it is the last byte.
        offset: u64,
    },
    /// The `x-amz-checksum-*` header of the response has a wrong value of the right form.
    WrongChecksum,
}

impl FaultKind {
    /// The name of the kind in JSON.
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

/// The rules that are set, with the number of requests that each one applied to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultsResponse {
    /// One entry per rule, in the order of the rules.
    pub rules: Vec<FaultHits>,
}

/// A rule and how often it was applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultHits {
    /// The rule.
    pub rule: FaultRule,
    /// Number of requests that matched.
    pub matched: u64,
    /// Number of requests that it was applied to.
    pub done: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_named_as_in_json() {
        let kinds = [
            FaultKind::SlowDown,
            FaultKind::InternalError,
            FaultKind::Latency { nanoseconds: 1 },
            FaultKind::SlowBy { percent: 1.0 },
            FaultKind::HoldLast { requests: 1, percent: 1.0 },
            FaultKind::Bandwidth { bytes_per_second: 1 },
            FaultKind::Reset { after_bytes: None },
            FaultKind::TruncateBody { after_bytes: 1 },
            FaultKind::CorruptBody { offset: 1 },
            FaultKind::WrongChecksum,
        ];
        for kind in kinds {
            let json = serde_json::to_value(&kind).expect("serializes");
            // A kind without values is a string, any other an object with one field.
            let name = json.as_str().or_else(|| json.as_object()?.keys().next().map(String::as_str));
            assert_eq!(name, Some(kind.name()));
        }
    }
}
