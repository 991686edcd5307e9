//! How much work expansion has left.
//!
//! Expressions cannot loop, and minijinja's fuel bounds the instructions of each. What remains is many
//! expressions times long texts; this budget bounds their sum. It counts work, not time, so that the same
//! source always has the same outcome.

use crate::limits::{BuildLimits, WORK_PER_COMBINATION};

/// Units of work that are left, and combinations.
#[derive(Debug)]
pub struct Budget {
    work: u64,
    combinations: u64,
}

/// The build is larger than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

impl Budget {
    /// A full budget.
    pub fn new(limits: BuildLimits) -> Self {
        // Few combinations still leave room for a long list of tasks, whose number has its own limit.
        let floor = limits.tasks.saturating_mul(8).saturating_add(1_000_000);
        Self {
            work: limits.combinations.saturating_mul(WORK_PER_COMBINATION).max(floor),
            combinations: limits.combinations,
        }
    }

    /// Takes `units` of work.
    pub fn work(&mut self, units: u64) -> Result<(), Exhausted> {
        self.work = self.work.checked_sub(units).ok_or(Exhausted)?;
        Ok(())
    }

    /// Takes the work of an expression of `length` bytes over texts of at most `longest` bytes: concatenation
    /// copies what it has for each term, hence the square.
    pub fn expression(&mut self, length: usize, longest: usize) -> Result<(), Exhausted> {
        let length = length as u64;
        self.work(length * (1 + length * longest as u64 / 4096))
    }

    /// Takes `count` combinations.
    pub fn combinations(&mut self, count: u64) -> Result<(), Exhausted> {
        self.combinations = self.combinations.checked_sub(count).ok_or(Exhausted)?;
        Ok(())
    }
}
