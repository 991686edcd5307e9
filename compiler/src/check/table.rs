//! The list of all rules, and running them.

use checked_document::Diagnostic;

use super::rule::{Context, Rule, Then};
use super::{
    derived_name, duplicate_name, key_two_actions, key_two_checksums, key_two_sizes, output_limit, path_clash,
    size_spelling, task_limit, upload_prefix,
};
use crate::expanded::Expanded;
use crate::limits::BuildLimits;

/// Most findings that are shown per rule. A person fixes a handful at a time.
const MOST_FINDINGS: usize = 100;

/// All rules, in the order in which they run. The limits come first, as the others go through all that they allow.
pub const RULES: &[Rule] = &[
    task_limit::RULE,
    output_limit::RULE,
    duplicate_name::RULE,
    derived_name::RULE,
    upload_prefix::RULE,
    key_two_actions::RULE,
    key_two_sizes::RULE,
    key_two_checksums::RULE,
    path_clash::RULE,
    size_spelling::RULE,
];

/// Runs every rule over `workloads`.
pub fn run(workloads: &[Expanded], limits: BuildLimits, diagnostics: &mut Vec<Diagnostic>) {
    let context = Context::new(workloads, limits);
    for rule in RULES {
        let mut found = Vec::new();
        (rule.check)(&context, &mut found);
        shorten(&mut found);
        let stops = !found.is_empty() && rule.then == Then::Stop;
        diagnostics.append(&mut found);
        if stops {
            return;
        }
    }
}

/// Keeps the first [`MOST_FINDINGS`]. A note says how many were dropped.
fn shorten(found: &mut Vec<Diagnostic>) {
    let more = found.len().saturating_sub(MOST_FINDINGS);
    found.truncate(MOST_FINDINGS);
    if more > 0
        && let Some(last) = found.last_mut()
    {
        last.notes.push(format!("and {more} more problems of this kind"));
    }
}
