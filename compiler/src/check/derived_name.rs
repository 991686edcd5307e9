//! Rule: a source of the existing format is named as its workload would be.

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::rule::{Context, Rule, Then};
use crate::expanded::{Derived, Tasks};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("name-differs"),
        what: "A `NAME.src.json` whose NAME is not the derived name. The file's name is kept.",
        why: "People read size and count off the name; here it says something else than the tasks do.",
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
            let message = format!("the file is named {}, its workload would be {derived}", workload.name);
            diagnostics.push(
                Diagnostic::warning(RULE.explanation.id, message)
                    .at(&workload.origin.file, workload.origin.span, "")
                    .help(format!("rename the file to {derived}.src.json, or say `name` in it")),
            );
        }
    }
}
