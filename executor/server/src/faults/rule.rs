//! One fault rule at work: it chooses requests, and counts what it has seen and done.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    admin::{FaultHits, FaultKind, FaultRule},
    operation::S3Operation,
};

/// Delays of a `SlowBy` rule are added up until they reach this, because timers have a granularity of a millisecond.
const SHORTEST_SLEEP_NS: u64 = 2_000_000;

/// A rule and what it has done so far.
#[derive(Debug)]
pub(super) struct Rule {
    stated: FaultRule,
    /// The operations that match; all match if this is empty.
    operations: Vec<S3Operation>,
    matched: AtomicU64,
    done: AtomicU64,
    /// Nanoseconds of delay that were too short to sleep for.
    debt: AtomicU64,
    /// When the first matching request came.
    began: OnceLock<Instant>,
}

impl Rule {
    /// The message of the error says what is wrong with the rule.
    pub(super) fn new(stated: FaultRule) -> Result<Self, String> {
        if !stated.is_valid() {
            return Err(format!("the fault rule for {} has a value out of range", stated.kind.name()));
        }
        let operations = stated.operations.iter().map(|name| {
            S3Operation::of_name(name).ok_or_else(|| {
                format!("the fault rule for {} names {name}, which is no S3 operation", stated.kind.name())
            })
        });
        Ok(Self {
            operations: operations.collect::<Result<_, _>>()?,
            stated,
            matched: 0.into(),
            done: 0.into(),
            debt: 0.into(),
            began: OnceLock::new(),
        })
    }

    pub(super) fn kind(&self) -> &FaultKind {
        &self.stated.kind
    }

    pub(super) fn hits(&self) -> FaultHits {
        FaultHits {
            rule: self.stated.clone(),
            matched: self.matched.load(Ordering::Relaxed),
            done: self.done.load(Ordering::Relaxed),
        }
    }

    /// Whether the rule is about this kind of request.
    fn matches(&self, operation: S3Operation, key: Option<&str>) -> bool {
        let right_operation = self.operations.is_empty() || self.operations.contains(&operation);
        let prefix = self.stated.key_prefix.as_ref();
        let right_key = prefix.is_none_or(|prefix| key.is_some_and(|key| key.starts_with(prefix.as_str())));
        right_operation && right_key
    }

    /// Whether the fault is to be applied to this request. Counts the request if it matches.
    pub(super) fn applies_to(&self, operation: S3Operation, key: Option<&str>) -> bool {
        if !self.matches(operation, key) {
            return false;
        }
        let rule = &self.stated;
        let number = self.matched.fetch_add(1, Ordering::Relaxed);
        self.began.get_or_init(Instant::now);
        if let FaultKind::HoldLast { requests, .. } = rule.kind
            && number + 1 != requests
        {
            return false;
        }
        let counted = number.checked_sub(rule.skip).is_some_and(|after| rule.first.is_none_or(|first| after < first));
        let applies = counted && uniform(rule.seed, number) < rule.rate;
        if applies {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        applies
    }

    /// The delay of a `SlowBy` or `HoldLast` rule for a request that took `took` so far; zero for every other rule.
    pub(super) fn slowdown(&self, took: Duration) -> Duration {
        match self.stated.kind {
            FaultKind::SlowBy { percent } => self.slow_by(percent, took),
            FaultKind::HoldLast { percent, .. } => {
                let since_first = self.began.get().map_or(Duration::ZERO, Instant::elapsed);
                since_first.mul_f64(percent / 100.0)
            }
            FaultKind::SlowDown
            | FaultKind::InternalError
            | FaultKind::Latency { .. }
            | FaultKind::Bandwidth { .. }
            | FaultKind::Reset { .. }
            | FaultKind::TruncateBody { .. }
            | FaultKind::CorruptBody { .. }
            | FaultKind::WrongChecksum => Duration::ZERO,
        }
    }

    /// `percent` of `took`, together with what shorter delays left over.
    fn slow_by(&self, percent: f64, took: Duration) -> Duration {
        let extra = u64::try_from(took.mul_f64(percent / 100.0).as_nanos()).unwrap_or(u64::MAX);
        let owed = self.debt.fetch_add(extra, Ordering::Relaxed) + extra;
        if owed < SHORTEST_SLEEP_NS {
            return Duration::ZERO;
        }
        self.debt.fetch_sub(owed, Ordering::Relaxed);
        Duration::from_nanos(owed)
    }
}

/// A pseudo-random number in 0..1 that depends on `seed` and `number` only.
fn uniform(seed: u64, number: u64) -> f64 {
    // splitmix64, whose outputs are evenly spread for every seed.
    let mut mixed = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ mixed >> 31) as f64 / 2_f64.powi(64)
}
