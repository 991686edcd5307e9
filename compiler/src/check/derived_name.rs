//! Rule: a source of the existing format has the derived name of its workload.

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::rule::{Context, Rule, Then};
use crate::expanded::{Derived, Tasks};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("name-differs"),
        what: "The NAME of a `NAME.src.json` is not the derived name. The workload keeps the name of the file.",
        why: "People read the size and the number of files from the name, and this name says something else.",
        example: "{ \"action\": \"upload\", \"fileSize\": \"1KiB\" }\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for workload in context.workloads {
        if let Tasks::Derived(Derived { name: derived, .. }) = &workload.tasks
            && workload.origin.name_from_file
            && derived != workload.name.as_str()
        {
            let message =
                format!("the file is named {}, but the derived name of its workload is {derived}", workload.name);
            diagnostics.push(
                Diagnostic::warning(RULE.explanation.id, message)
                    .at(&workload.origin.file, workload.origin.span, "")
                    .help(format!("rename the file to {derived}.src.json, or set `name` in it")),
            );
        }
    }
}
