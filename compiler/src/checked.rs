//! The third stage: workloads that passed every rule. Only these are compiled.

use checked_document::Diagnostic;

use crate::check;
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// Workloads that passed every rule, in the order of the sources.
#[derive(Debug)]
pub struct Checked {
    workloads: Vec<Expanded>,
}

impl Checked {
    /// Runs every rule over `workloads`. The result is none if `diagnostics`, including earlier ones, has an error.
    pub fn of(workloads: Vec<Expanded>, limits: BuildLimits, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        check::run(&workloads, limits, diagnostics);
        let passed = !diagnostics.iter().any(Diagnostic::is_error);
        passed.then_some(Self { workloads })
    }

    /// The workloads.
    pub fn workloads(&self) -> &[Expanded] {
        &self.workloads
    }
}
