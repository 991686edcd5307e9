//! Rule: every workload has a name of its own.

use std::collections::HashMap;

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::clash::clash;
use super::rule::{Context, Rule, Then};
use crate::expanded::Expanded;

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("duplicate-name"),
        what: "Two sources, or two combinations of a matrix, make workloads of the same name.",
        why: "The second compiled file would replace the first. On some systems this is also true for names that differ only in case.",
        example: "action: upload\nfileSize: 1KiB\n---\naction: upload\nfileSize: 1KiB\nnumFiles: 1\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &Expanded> = HashMap::with_capacity(context.workloads.len());
    for workload in context.workloads {
        let folded = workload.name.as_str().to_ascii_lowercase();
        let Some(earlier) = seen.get(&folded) else {
            seen.insert(folded, workload);
            continue;
        };
        let message = if earlier.name == workload.name {
            format!("two workloads have the name {}", workload.name)
        } else {
            format!("the names {} and {} differ only in case", earlier.name, workload.name)
        };
        let diagnostic = clash(
            RULE.explanation.id,
            message,
            (workload, workload.origin.span, "also here".to_owned()),
            (earlier, earlier.origin.span, "first here".to_owned()),
        );
        let help = if std::ptr::eq(earlier.origin.file.as_ref(), workload.origin.file.as_ref())
            && earlier.origin.span == workload.origin.span
        {
            "use every axis of the matrix in a field that is part of the name, or in `name`"
        } else {
            "give one of them a `name`, or remove it"
        };
        diagnostics.push(diagnostic.help(help));
    }
}
