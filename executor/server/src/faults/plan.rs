//! What the fault rules do to one request.

use std::{sync::Arc, time::Duration};

use super::rule::Rule;
use crate::admin::FaultKind;

/// How a response's body ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// With an orderly close of the connection.
    Close,
    /// With a TCP reset.
    Reset,
}

/// An error answered in place of the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    SlowDown,
    InternalError,
}

/// All that is done to one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The JSON names of the faults, for the record of the request.
    pub names: Vec<String>,
    /// How long the request waits before it is handled.
    pub latency: Duration,
    /// Whether the connection is reset before anything is answered.
    pub reset_at_once: bool,
    pub refusal: Option<Refusal>,
    pub wrong_checksum: bool,
    pub body: BodyPlan,
}

/// What is done to the bodies of one request and its response.
#[derive(Debug, Default, Clone)]
pub(crate) struct BodyPlan {
    /// How many bytes of the response's body are sent, and how the connection ends then.
    pub cut: Option<(u64, Cut)>,
    /// The byte of the response's body in which a bit is flipped.
    pub corrupt: Option<u64>,
    /// The highest rate of either body.
    pub bytes_per_second: Option<u64>,
    delays: Vec<Arc<Rule>>,
}

impl BodyPlan {
    /// The delay before the last bytes of a response, for a request that took `took` up to them.
    pub(crate) fn slowdown(&self, took: Duration) -> Duration {
        self.delays.iter().map(|rule| rule.slowdown(took)).sum()
    }
}

impl Plan {
    /// The plan of the `rules` that apply to a request, in their order.
    pub(super) fn of<'a>(rules: impl Iterator<Item = &'a Arc<Rule>>) -> Self {
        let mut plan = Self::default();
        for rule in rules {
            plan.names.push(rule.kind().name().to_owned());
            match *rule.kind() {
                FaultKind::SlowDown => plan.refusal = Some(Refusal::SlowDown),
                FaultKind::InternalError => plan.refusal = Some(Refusal::InternalError),
                FaultKind::Latency { nanoseconds } => plan.latency += Duration::from_nanos(nanoseconds),
                FaultKind::SlowBy { .. } | FaultKind::HoldLast { .. } => plan.body.delays.push(Arc::clone(rule)),
                FaultKind::Bandwidth { bytes_per_second } => plan.body.bytes_per_second = Some(bytes_per_second),
                FaultKind::Reset { after_bytes: None } => plan.reset_at_once = true,
                FaultKind::Reset { after_bytes: Some(bytes) } => plan.body.cut = Some((bytes, Cut::Reset)),
                FaultKind::TruncateBody { after_bytes } => plan.body.cut = Some((after_bytes, Cut::Close)),
                FaultKind::CorruptBody { offset } => plan.body.corrupt = Some(offset),
                FaultKind::WrongChecksum => plan.wrong_checksum = true,
            }
        }
        plan
    }
}
