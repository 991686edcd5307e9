//! Phases: parts of a workload with a load and limits of their own.

use std::num::NonZeroU64;

use super::Step;

/// Steps that are repeated under one load until a limit is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What the phase is for.
    pub role: Role,
    /// When it ends.
    pub stop: Stop,
    /// What makes a step start.
    pub load: Load,
    /// What one repeat does.
    pub steps: Vec<Step>,
}

/// What a phase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The figures of the phase are the result.
    Measure,
}

/// What makes a step start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// A step starts as soon as an earlier step has ended and left room for it.
    ClosedLoop,
}

/// The limits at which a phase ends, whichever is reached first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Most repeats of all steps.
    pub max_repeats: NonZeroU64,
    /// Seconds after which no further repeat is started. A repeat is never cut off.
    pub max_seconds: NonZeroU64,
}

impl Phase {
    /// A measured phase in a closed loop: the only one that version 2 can express.
    pub fn measured(stop: Stop, steps: Vec<Step>) -> Self {
        Self { role: Role::Measure, stop, load: Load::ClosedLoop, steps }
    }
}
