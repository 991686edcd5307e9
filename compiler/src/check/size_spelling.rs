//! Rule: equal sizes have the same spelling.

use std::collections::HashMap;

use checked_document::{Diagnostic, DiagnosticId, Explanation};
use workload_schema::{Checksum, Operation};

use super::clash::clash;
use super::rule::{Context, Rule, Then};
use crate::expanded::{Derived, Expanded, Tasks};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("size-spelling"),
        what: "Two workloads have equal files but spell their size differently, like `1024KiB` and `1MiB`.",
        why: "The spelling is part of the keys, so equal objects are prepared and stored twice.",
        example: "action: download\nfileSize: 1MiB\n---\naction: download\nfileSize: 1024KiB\n",
    },
    then: Then::GoOn,
    check,
};

type Files = (Operation, u64, u64, Option<Checksum>);

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<Files, (&Expanded, &Derived)> = HashMap::new();
    for workload in context.workloads {
        let Tasks::Derived(derived) = &workload.tasks else { continue };
        let files = (derived.operation, derived.size, derived.keys.count(), workload.header.checksum);
        let (first, first_derived) = *seen.entry(files).or_insert((workload, derived));
        if first_derived.size_text == derived.size_text {
            continue;
        }
        let message = format!(
            "`{}` and `{}` are the same size, so {} and {} use two sets of equal objects",
            first_derived.size_text, derived.size_text, first.name, workload.name
        );
        let mut diagnostic = clash(
            RULE.explanation.id,
            message,
            (workload, derived.size_span, "one spelling".to_owned()),
            (first, first_derived.size_span, "the other spelling".to_owned()),
        )
        .help("use the same spelling in both");
        diagnostic.severity = checked_document::Severity::Warning;
        diagnostics.push(diagnostic);
    }
}
