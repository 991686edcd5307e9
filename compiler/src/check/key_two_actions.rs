//! Rule (contract 3.2): no key is both uploaded and downloaded.

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::clash::clash;
use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("key-both-ways"),
        what: "One task uploads a key and another one downloads it.",
        why: "What is downloaded would depend on earlier runs, and a broken download would be uploaded.",
        example: "name: w\ntasks:\n  - { action: upload, key: upload/1, size: 1KiB }\n  - { action: download, key: upload/1, size: 1KiB }\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    context.keys().pairs(|this, first| {
        if this.operation.writes() != first.operation.writes() {
            let key = this.key;
            diagnostics.push(clash(
                RULE.explanation.id,
                format!("the key `{key}` is both uploaded and downloaded"),
                (this.workload, this.span, format!("{} by {}", this.operation, this.workload.name)),
                (first.workload, first.span, format!("{} by {}", first.operation, first.workload.name)),
            ));
        }
    });
}
