//! Rule (contract 3.3): a key has one size.

use checked_document::{Diagnostic, DiagnosticId, Explanation};
use workload_schema::ByteSize;

use super::clash::clash;
use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("key-two-sizes"),
        what: "A key has two sizes.",
        why: "Only one of them can be prepared, so the other workload would move a wrong number of bytes.",
        example: "name: w\ntasks:\n  - { action: download, key: a/1, size: 1KiB }\n  - { action: download, key: a/1, size: 2KiB }\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    context.keys().pairs(|this, first| {
        if this.size != first.size {
            let (size, first_size) = (ByteSize(this.size), ByteSize(first.size));
            diagnostics.push(clash(
                RULE.explanation.id,
                format!("the key `{}` has two sizes, {first_size} and {size}", this.key),
                (this.workload, this.size_span, format!("{size} in {}", this.workload.name)),
                (first.workload, first.size_span, format!("{first_size} in {}", first.workload.name)),
            ));
        }
    });
}
