//! Rule (contract 3.1): upload keys lie below `upload/`, download keys do not.

use checked_document::{Diagnostic, Explanation};
use workload_schema::Action;
use workload_schema::plan::UPLOAD_PREFIX;

use super::rule::{Context, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: "upload-prefix",
        what: "A key to upload that does not start with `upload/`, or a key to download that does.",
        why: "The bucket's lifecycle rule removes what lies below `upload/` after a day: uploads must be removed, \
              objects to download must not.",
        example: "name: w\ntasks:\n  - { action: upload, key: results/1, size: 1KiB }\n",
    },
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (key, uses) in context.keys().explicit() {
        for this in uses {
            let message = match (this.action, key.starts_with(UPLOAD_PREFIX)) {
                (Action::Upload, false) => format!("the upload key `{key}` does not start with `{UPLOAD_PREFIX}`"),
                (Action::Download, true) => format!("the download key `{key}` starts with `{UPLOAD_PREFIX}`"),
                _ => continue,
            };
            let diagnostic = Diagnostic::error(RULE.explanation.id, message)
                .at(&this.workload.origin.file, this.span, "")
                .help(match this.action {
                    Action::Upload => format!("write `{UPLOAD_PREFIX}{key}`"),
                    Action::Download => "what lies there expires after a day; use another folder".to_owned(),
                });
            diagnostics.push(this.workload.origin.note(diagnostic));
        }
    }
}
