//! The work that is left for expansion.
//!
//! Expressions cannot loop, and the fuel of minijinja limits the instructions of each. Many expressions over long texts
//! could still take long, and this budget limits their sum. It counts work, not time, so that the same source always has
//! the same result.

use crate::limits::{BuildLimits, WORK_PER_COMBINATION};

/// The units of work and the combinations that are left.
#[derive(Debug)]
pub struct Budget {
    work: u64,
    combinations: u64,
}

/// The build exceeds its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

impl Budget {
    /// A full budget.
    pub fn new(limits: BuildLimits) -> Self {
        // A low limit on combinations must not limit a long list of tasks, which has a limit of its own.
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

    /// Takes the work of an expression of `length` bytes on texts of at most `longest` bytes. Each concatenation copies
    /// the text so far, hence the square.
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
