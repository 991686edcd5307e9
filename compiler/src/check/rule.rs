//! What a rule is, and how all of them run.

use std::sync::OnceLock;

use checked_document::{Diagnostic, Explanation, Span};

use super::RULES;
use super::key_index::KeyIndex;
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// Findings of one rule that are shown. A person fixes a handful at a time.
const MOST_FINDINGS: usize = 100;

/// A check over all workloads of a build.
pub struct Rule {
    /// What it means, for the reference.
    pub explanation: Explanation,
    /// Finds what is wrong.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
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
    /// All keys, gathered when the first rule asks for them.
    pub fn keys(&self) -> &KeyIndex<'a> {
        self.keys.get_or_init(|| KeyIndex::of(self.workloads))
    }
}

/// Runs every rule. Where a limit is exceeded the others do not run: they would walk too much.
pub fn run(workloads: &[Expanded], limits: BuildLimits, diagnostics: &mut Vec<Diagnostic>) {
    let context = Context { workloads, limits, keys: OnceLock::new() };
    for rule in RULES {
        let mut found = Vec::new();
        (rule.check)(&context, &mut found);
        shorten(&mut found);
        let is_limit = found.iter().any(|problem| problem.id == "too-many-tasks");
        diagnostics.append(&mut found);
        if is_limit {
            return;
        }
    }
}

/// Keeps the first [`MOST_FINDINGS`], and says so.
fn shorten(found: &mut Vec<Diagnostic>) {
    let more = found.len().saturating_sub(MOST_FINDINGS);
    found.truncate(MOST_FINDINGS);
    if more > 0
        && let Some(last) = found.last_mut()
    {
        last.notes.push(format!("and {more} more problems of this kind"));
    }
}

/// A clash of `later` with `earlier`, both named.
pub fn clash(
    id: &'static str,
    message: String,
    (later, later_span, later_text): (&Expanded, Span, String),
    (earlier, earlier_span, earlier_text): (&Expanded, Span, String),
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(id, message).at(&later.origin.file, later_span, later_text).at(
        &earlier.origin.file,
        earlier_span,
        earlier_text,
    );
    for workload in [later, earlier] {
        if let Some(combination) = workload.origin.combination() {
            diagnostic = diagnostic.note(format!("{} is the combination {combination}", workload.name));
        }
    }
    diagnostic
}
