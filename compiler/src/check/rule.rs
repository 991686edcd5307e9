//! Rules and what they check.

use std::sync::OnceLock;

use checked_document::{Diagnostic, Explanation};

use super::key_index::KeyIndex;
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// A check over all workloads of a build.
pub struct Rule {
    /// The explanation for the reference.
    pub explanation: Explanation,
    /// What happens if it finds something.
    pub then: Then,
    /// Adds a diagnostic for each problem.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
}

/// What happens after a rule has found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The next rules run too.
    GoOn,
    /// No further rule runs, as it would have too much to check.
    Stop,
}

/// What a rule checks.
pub struct Context<'a> {
    /// The workloads in the order of the sources.
    pub workloads: &'a [Expanded],
    /// The limits of the build.
    pub limits: BuildLimits,
    keys: OnceLock<KeyIndex<'a>>,
}

impl<'a> Context<'a> {
    /// The context of all rules of a build.
    pub fn new(workloads: &'a [Expanded], limits: BuildLimits) -> Self {
        Self { workloads, limits, keys: OnceLock::new() }
    }

    /// All keys. They are collected when the first rule asks for them.
    pub fn keys(&self) -> &KeyIndex<'a> {
        self.keys.get_or_init(|| KeyIndex::of(self.workloads))
    }
}
