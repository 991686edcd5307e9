//! What a rule is.

use checked_document::{Diagnostic, Explanation, Severity};

use super::RULES;
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// A check over all workloads of a build.
pub struct Rule {
    /// Whether what it finds stops the build.
    pub severity: Severity,
    /// What it means, for the reference.
    pub explanation: Explanation,
    /// Finds what is wrong.
    pub check: fn(&[Expanded], BuildLimits, &mut Vec<Diagnostic>),
}

/// Runs every rule.
pub fn run(workloads: &[Expanded], limits: BuildLimits, diagnostics: &mut Vec<Diagnostic>) {
    for rule in RULES {
        (rule.check)(workloads, limits, diagnostics);
    }
}
