//! The name of a run, known before anything is stored.

use std::fmt;
use std::sync::Arc;

/// Names one run: the session that it belongs to, and its place there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// What all runs of one command share.
    pub session: Arc<str>,
    /// Number of the run in its session, from 1.
    pub ordinal: u32,
}

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.session, self.ordinal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_in_the_order_of_their_session() {
        let key = |ordinal| RunKey { session: "s".into(), ordinal };
        assert!(key(2) < key(10));
        assert_eq!(key(2).to_string(), "s/2");
    }
}
