//! Chooses the faults that are done to a request.

use std::{
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::admin::{FaultHits, FaultKind, FaultRule, FaultsResponse};

/// A rule and what it did so far.
#[derive(Debug)]
pub(crate) struct Rule {
    stated: FaultRule,
    matched: AtomicU64,
    done: AtomicU64,
    /// Nanoseconds of delay that were too short to sleep for.
    debt: AtomicU64,
    /// When the first matching request came.
    began: OnceLock<Instant>,
}

/// Timers have a granularity of a millisecond: shorter delays are saved up to this.
const SHORTEST_SLEEP_NS: u64 = 2_000_000;

impl Rule {
    /// Whether this request, a matching one or not, is to suffer.
    fn strikes(&self, operation: &str, key: Option<&str>) -> bool {
        let rule = &self.stated;
        let right_operation = rule.operations.is_empty() || rule.operations.iter().any(|name| name == operation);
        let right_key =
            rule.key_prefix.as_ref().is_none_or(|prefix| key.is_some_and(|key| key.starts_with(prefix.as_str())));
        if !right_operation || !right_key {
            return false;
        }
        let number = self.matched.fetch_add(1, Ordering::Relaxed);
        self.began.get_or_init(Instant::now);
        if let FaultKind::HoldLast { requests, .. } = rule.kind
            && number + 1 != requests
        {
            return false;
        }
        let counted = number.checked_sub(rule.skip).is_some_and(|after| rule.first.is_none_or(|first| after < first));
        let strikes = counted && uniform(rule.seed, number) < rule.rate;
        if strikes {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        strikes
    }

    /// The sleep that lengthens `took` by the share of a `SlowBy`, with what is owed from shorter ones; or that of a
    /// `HoldLast`.
    fn slowdown(&self, took: Duration) -> Duration {
        if let FaultKind::HoldLast { percent, .. } = self.stated.kind {
            let since_first = self.began.get().map_or(Duration::ZERO, Instant::elapsed);
            return since_first.mul_f64(percent / 100.0);
        }
        let FaultKind::SlowBy { percent } = self.stated.kind else { return Duration::ZERO };
        let extra = u64::try_from(took.mul_f64(percent / 100.0).as_nanos()).unwrap_or(u64::MAX);
        let owed = self.debt.fetch_add(extra, Ordering::Relaxed) + extra;
        if owed < SHORTEST_SLEEP_NS {
            return Duration::ZERO;
        }
        self.debt.fetch_sub(owed, Ordering::Relaxed);
        Duration::from_nanos(owed)
    }
}

/// A number in 0..1 that `seed` and `number` determine.
fn uniform(seed: u64, number: u64) -> f64 {
    // splitmix64: every output is as good as random, whatever the seed and the step.
    let mut mixed = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ mixed >> 31) as f64 / 2_f64.powi(64)
}

/// The rules that are set. Without any they cost one relaxed load a request.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    on: AtomicBool,
    rules: RwLock<Arc<[Arc<Rule>]>>,
}

impl Faults {
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Replaces the rules; the message says what is wrong with them.
    pub(crate) fn set(&self, rules: Vec<FaultRule>) -> Result<(), String> {
        for rule in &rules {
            let valid = match rule.kind {
                FaultKind::SlowBy { percent } | FaultKind::HoldLast { percent, .. } => {
                    percent.is_finite() && (0.0..=100_000.0).contains(&percent)
                }
                FaultKind::Bandwidth { bytes_per_second } => bytes_per_second > 0,
                _ => true,
            };
            if !valid || !(0.0..=1.0).contains(&rule.rate) {
                return Err(format!("the fault rule for {} has a value out of range", rule.kind.name()));
            }
        }
        let fresh = |rule| {
            Arc::new(Rule { stated: rule, matched: 0.into(), done: 0.into(), debt: 0.into(), began: OnceLock::new() })
        };
        let rules: Arc<[Arc<Rule>]> = rules.into_iter().map(fresh).collect();
        self.on.store(!rules.is_empty(), Ordering::Relaxed);
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }

    /// The rules and what they did.
    pub(crate) fn report(&self) -> FaultsResponse {
        let hits = |rule: &Arc<Rule>| FaultHits {
            rule: rule.stated.clone(),
            matched: rule.matched.load(Ordering::Relaxed),
            done: rule.done.load(Ordering::Relaxed),
        };
        FaultsResponse { rules: self.rules().iter().map(hits).collect() }
    }

    /// What is to be done to a request.
    pub(crate) fn plan(&self, operation: &str, key: Option<&str>) -> Plan {
        let rules = self.rules();
        Plan::of(rules.iter().filter(|rule| rule.strikes(operation, key)))
    }

    fn rules(&self) -> Arc<[Arc<Rule>]> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How a response's body ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Close,
    Reset,
}

/// An error answered in place of the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refuse {
    SlowDown,
    InternalError,
}

/// What is done to one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub names: Vec<String>,
    pub latency: Duration,
    pub reset_at_once: bool,
    pub refuse: Option<Refuse>,
    pub wrong_checksum: bool,
    pub body: BodyPlan,
}

/// What is done to the bodies of one request.
#[derive(Debug, Default, Clone)]
pub(crate) struct BodyPlan {
    pub cut: Option<(u64, Cut)>,
    pub corrupt: Option<u64>,
    pub bytes_per_second: Option<u64>,
    slow_by: Vec<Arc<Rule>>,
}

impl BodyPlan {
    /// The delay of an exchange that took so long up to its last bytes.
    pub(crate) fn slowdown(&self, took: Duration) -> Duration {
        self.slow_by.iter().map(|rule| rule.slowdown(took)).sum()
    }
}

impl Plan {
    fn of<'a>(rules: impl Iterator<Item = &'a Arc<Rule>>) -> Self {
        let mut plan = Self::default();
        for rule in rules {
            plan.names.push(rule.stated.kind.name().to_owned());
            match rule.stated.kind {
                FaultKind::SlowDown => plan.refuse = Some(Refuse::SlowDown),
                FaultKind::InternalError => plan.refuse = Some(Refuse::InternalError),
                FaultKind::Latency { nanoseconds } => plan.latency += Duration::from_nanos(nanoseconds),
                FaultKind::SlowBy { .. } | FaultKind::HoldLast { .. } => plan.body.slow_by.push(Arc::clone(rule)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(rule: FaultRule, count: usize) -> Vec<usize> {
        let faults = Faults::default();
        faults.set(vec![rule]).expect("is valid");
        (0..count).filter(|_| faults.plan("GetObject", Some("a/b")).refuse.is_some()).collect()
    }

    #[test]
    fn a_seed_chooses_the_same_requests_at_about_the_rate() {
        let rule = FaultRule { rate: 0.1, seed: 7, ..FaultRule::always(FaultKind::SlowDown) };
        let first = struck(rule.clone(), 10_000);
        assert_eq!(first, struck(rule.clone(), 10_000));
        assert!((900..1100).contains(&first.len()), "{}", first.len());
        assert_ne!(first, struck(FaultRule { seed: 8, ..rule }, 10_000));
    }

    #[test]
    fn only_what_matches_and_only_so_often() {
        let slow = FaultRule::always(FaultKind::SlowDown);
        assert_eq!(struck(FaultRule { skip: 2, ..slow.clone().first(3) }, 10), [2, 3, 4]);
        assert!(struck(slow.clone().on("PutObject"), 10).is_empty());
        assert!(struck(FaultRule { key_prefix: Some("b".into()), ..slow.clone() }, 10).is_empty());
        assert_eq!(struck(FaultRule { key_prefix: Some("a/".into()), ..slow }, 2), [0, 1]);
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let faults = Faults::default();
        assert!(faults.set(vec![FaultRule { rate: 1.5, ..FaultRule::always(FaultKind::SlowDown) }]).is_err());
        assert!(faults.set(vec![FaultRule::always(FaultKind::SlowBy { percent: f64::NAN })]).is_err());
        assert!(!faults.is_on());
    }

    #[test]
    fn only_the_last_of_so_many_is_held_back() {
        let faults = Faults::default();
        let held = |requests| FaultRule::always(FaultKind::HoldLast { requests, percent: 100.0 }).on("GetObject");
        faults.set(vec![held(3)]).expect("is valid");
        let began = Instant::now();
        let delays: Vec<Duration> = (0..4)
            .map(|_| {
                let _ = faults.plan("ListObjectsV2", None);
                faults.plan("GetObject", None).body.slowdown(Duration::ZERO)
            })
            .collect();
        assert!(delays[2] > Duration::ZERO && delays[2] <= began.elapsed(), "{delays:?}");
        assert_eq!((delays[0], delays[1], delays[3]), (Duration::ZERO, Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn short_delays_add_up() {
        let faults = Faults::default();
        faults.set(vec![FaultRule::always(FaultKind::SlowBy { percent: 10.0 })]).expect("is valid");
        let sleep = || faults.plan("GetObject", None).body.slowdown(Duration::from_micros(100));
        let total: Duration = (0..1000).map(|_| sleep()).sum();
        assert!(total >= Duration::from_millis(8) && total <= Duration::from_millis(10), "{total:?}");
    }
}
