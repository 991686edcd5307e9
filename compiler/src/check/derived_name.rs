//! Rule: a source of the existing format is named as its workload would be.

use checked_document::{Diagnostic, Explanation};

use super::rule::{Context, Rule};
use crate::expanded::{Expanded, Tasks, derived_name, directory};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: "name-differs",
        what: "A `NAME.src.json` whose NAME is not the derived name. The file's name is kept.",
        why: "People read size and count off the name; here it says something else than the tasks do.",
        example: "{ \"action\": \"upload\", \"fileSize\": \"1KiB\" }\n",
    },
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for workload in context.workloads {
        if !workload.origin.name_from_file {
            continue;
        }
        if let Some(derived) = derived(workload).filter(|derived| derived != workload.name.as_str()) {
            let message = format!("the file is named {}, its workload would be {derived}", workload.name);
            diagnostics.push(
                Diagnostic::warning(RULE.explanation.id, message)
                    .at(&workload.origin.file, workload.origin.span, "")
                    .help(format!("rename the file to {derived}.src.json, or say `name` in it")),
            );
        }
    }
}

fn derived(workload: &Expanded) -> Option<String> {
    match &workload.tasks {
        Tasks::Derived(tasks) => {
            let directory = directory(&tasks.size_text, tasks.count, workload.header.checksum);
            Some(derived_name(tasks.action, &directory, workload.header.files_on_disk))
        }
        Tasks::Explicit(_) => None,
    }
}
