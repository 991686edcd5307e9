//! What a client has counted so far.

use std::time::Duration;

/// Counts from the making of a client on. A value is absent where nobody can tell it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests sent, retries included.
    pub requests: Option<u64>,
    /// Requests that were sent again.
    pub retries: Option<u64>,
    /// How long requests waited, all together, before they were sent again.
    pub backoff: Option<Duration>,
}

impl Counters {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { requests: None, retries: None, backoff: None };

    /// What was added since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        let added = |now: Option<u64>, then: Option<u64>| now.zip(then).map(|(now, then)| now.saturating_sub(then));
        Self {
            requests: added(self.requests, earlier.requests),
            // Fewer than before is possible: requests of a failed task were no retries after all.
            retries: added(self.retries, earlier.retries),
            backoff: self.backoff.zip(earlier.backoff).map(|(now, then)| now.saturating_sub(then)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_at_both_times_is_a_difference() {
        let earlier = Counters { requests: Some(3), retries: Some(2), backoff: None };
        let now = Counters { requests: Some(10), retries: Some(1), backoff: Some(Duration::from_secs(1)) };
        assert_eq!(now.since(earlier), Counters { requests: Some(7), retries: Some(0), backoff: None });
        assert_eq!(now.since(Counters::UNKNOWN), Counters::UNKNOWN);
    }
}
