//! What a rule is, and what it looks at.

use std::sync::OnceLock;

use checked_document::{Diagnostic, Explanation};

use super::key_index::KeyIndex;
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// A check over all workloads of a build.
pub struct Rule {
    /// What it means, for the reference.
    pub explanation: Explanation,
    /// What follows if it finds something.
    pub then: Then,
    /// Finds what is wrong.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
}

/// What follows the findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The rules behind it run too.
    GoOn,
    /// No further rule runs: it would walk too much.
    Stop,
}

/// What a rule looks at.
pub struct Context<'a> {
    /// The workloads in the order of the sources.
    pub workloads: &'a [Expanded],
    /// What the build may come to.
    pub limits: BuildLimits,
    keys: OnceLock<KeyIndex<'a>>,
}

impl<'a> Context<'a> {
    /// The context of all rules of a build.
    pub fn new(workloads: &'a [Expanded], limits: BuildLimits) -> Self {
        Self { workloads, limits, keys: OnceLock::new() }
    }

    /// All keys, gathered when the first rule asks for them.
    pub fn keys(&self) -> &KeyIndex<'a> {
        self.keys.get_or_init(|| KeyIndex::of(self.workloads))
    }
}
