//! The fault rules that are set now.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use super::{plan::Plan, rule::Rule};
use crate::{
    admin::{FaultRule, FaultsResponse},
    operation::S3Operation,
};

/// The rules that are set. While there are none, a request costs one relaxed load.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    on: AtomicBool,
    rules: RwLock<Arc<[Arc<Rule>]>>,
}

impl Faults {
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Replaces the rules. If one of them is invalid, the rules stay as they were and the error says what is wrong.
    pub(crate) fn set(&self, rules: Vec<FaultRule>) -> Result<(), String> {
        let rules: Arc<[Arc<Rule>]> =
            rules.into_iter().map(|rule| Ok(Arc::new(Rule::new(rule)?))).collect::<Result<_, String>>()?;
        self.on.store(!rules.is_empty(), Ordering::Relaxed);
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }

    /// The rules and what they have done.
    pub(crate) fn report(&self) -> FaultsResponse {
        FaultsResponse { rules: self.rules().iter().map(|rule| rule.hits()).collect() }
    }

    /// What is to be done to a request.
    pub(crate) fn plan(&self, operation: S3Operation, key: Option<&str>) -> Plan {
        let rules = self.rules();
        Plan::of(rules.iter().filter(|rule| rule.applies_to(operation, key)))
    }

    fn rules(&self) -> Arc<[Arc<Rule>]> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::admin::FaultKind;

    fn hit(rule: FaultRule, count: usize) -> Vec<usize> {
        let faults = Faults::default();
        faults.set(vec![rule]).expect("is valid");
        (0..count).filter(|_| faults.plan(S3Operation::GetObject, Some("a/b")).refusal.is_some()).collect()
    }

    #[test]
    fn a_seed_chooses_the_same_requests_at_about_the_rate() {
        let rule = FaultRule { rate: 0.1, seed: 7, ..FaultRule::always(FaultKind::SlowDown) };
        let first = hit(rule.clone(), 10_000);
        assert_eq!(first, hit(rule.clone(), 10_000));
        assert!((900..1100).contains(&first.len()), "{}", first.len());
        assert_ne!(first, hit(FaultRule { seed: 8, ..rule }, 10_000));
    }

    #[test]
    fn only_matching_requests_and_only_so_many() {
        let slow = FaultRule::always(FaultKind::SlowDown);
        assert_eq!(hit(FaultRule { skip: 2, ..slow.clone().first(3) }, 10), [2, 3, 4]);
        assert!(hit(slow.clone().on("PutObject"), 10).is_empty());
        assert!(hit(FaultRule { key_prefix: Some("b".into()), ..slow.clone() }, 10).is_empty());
        assert_eq!(hit(FaultRule { key_prefix: Some("a/".into()), ..slow }, 2), [0, 1]);
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let faults = Faults::default();
        assert!(faults.set(vec![FaultRule { rate: 1.5, ..FaultRule::always(FaultKind::SlowDown) }]).is_err());
        assert!(faults.set(vec![FaultRule::always(FaultKind::SlowBy { percent: f64::NAN })]).is_err());
        assert!(!faults.is_on());
    }

    #[test]
    fn an_operation_that_does_not_exist_is_refused() {
        let refused = Faults::default().set(vec![FaultRule::always(FaultKind::SlowDown).on("GetObjects")]);
        assert!(refused.is_err_and(|message| message.contains("GetObjects")));
    }

    #[test]
    fn only_the_last_request_is_held_back() {
        let faults = Faults::default();
        let held = |requests| FaultRule::always(FaultKind::HoldLast { requests, percent: 100.0 }).on("GetObject");
        faults.set(vec![held(3)]).expect("is valid");
        let began = Instant::now();
        let delays: Vec<Duration> = (0..4)
            .map(|_| {
                let _ = faults.plan(S3Operation::ListObjectsV2, None);
                faults.plan(S3Operation::GetObject, None).body.slowdown(Duration::ZERO)
            })
            .collect();
        assert!(delays[2] > Duration::ZERO && delays[2] <= began.elapsed(), "{delays:?}");
        assert_eq!((delays[0], delays[1], delays[3]), (Duration::ZERO, Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn short_delays_add_up() {
        let faults = Faults::default();
        faults.set(vec![FaultRule::always(FaultKind::SlowBy { percent: 10.0 })]).expect("is valid");
        let sleep = || faults.plan(S3Operation::GetObject, None).body.slowdown(Duration::from_micros(100));
        let total: Duration = (0..1000).map(|_| sleep()).sum();
        assert!(total >= Duration::from_millis(8) && total <= Duration::from_millis(10), "{total:?}");
    }
}
