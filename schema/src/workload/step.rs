//! One request of a workload.

use std::num::NonZeroU64;

use super::ObjectIndex;
use crate::Operation;

/// One operation on one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub operation: Operation,
    /// Which object it is done with.
    pub object: ObjectIndex,
    /// When it is meant to start; none if that depends on the steps before it.
    pub intended_start: Option<IntendedStart>,
}

// Ten million steps take 160 MB.
const _: () = assert!(size_of::<Step>() <= 16);

/// The time at which a step is meant to start, on the clock of its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntendedStart(
    /// The nanoseconds plus one, so that an `Option` of this type needs no extra byte.
    NonZeroU64,
);

impl IntendedStart {
    /// A start this many nanoseconds after the start of the phase. `u64::MAX`, 584 years, is one nanosecond less.
    pub fn from_ns(nanoseconds: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(nanoseconds))
    }

    /// Nanoseconds since the start of the phase.
    pub fn ns(self) -> u64 {
        self.0.get() - 1
    }
}

impl Step {
    /// A step without an intended start.
    pub fn new(operation: Operation, object: ObjectIndex) -> Self {
        Self { operation, object, intended_start: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intended_starts_count_from_zero() {
        for nanoseconds in [0, 1, 1_000_000_000, u64::MAX - 1] {
            assert_eq!(IntendedStart::from_ns(nanoseconds).ns(), nanoseconds);
        }
    }
}
