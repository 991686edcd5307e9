//! Rule (contract 3.1): upload keys lie below `upload/`, download keys do not.

use checked_document::{Diagnostic, DiagnosticId, Explanation};
use workload_schema::naming::UPLOAD_PREFIX;

use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("upload-prefix"),
        what: "A key to upload does not start with `upload/`, or a key to download does.",
        why: "The bucket's lifecycle rule removes what lies below `upload/` after a day: uploads must be removed, \
              objects to download must not.",
        example: "name: w\ntasks:\n  - { action: upload, key: results/1, size: 1KiB }\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (key, uses) in context.keys().explicit() {
        for this in uses {
            let (message, help) = match (this.operation.writes(), key.starts_with(UPLOAD_PREFIX)) {
                (true, false) => (
                    format!("the upload key `{key}` does not start with `{UPLOAD_PREFIX}`"),
                    format!("write `{UPLOAD_PREFIX}{key}`"),
                ),
                (false, true) => (
                    format!("the download key `{key}` starts with `{UPLOAD_PREFIX}`"),
                    "objects below it expire after a day: use another folder".to_owned(),
                ),
                (true, true) | (false, false) => continue,
            };
            let diagnostic = Diagnostic::error(RULE.explanation.id, message)
                .at(&this.workload.origin.file, this.span, "")
                .help(help);
            diagnostics.push(this.workload.origin.note(diagnostic));
        }
    }
}
