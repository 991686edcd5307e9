//! Rule (contract 3.4): a key to download has one checksum.

use checked_document::{Diagnostic, DiagnosticId, Explanation};
use workload_schema::Checksum;

use super::clash::clash;
use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("key-two-checksums"),
        what: "Two workloads download a key with different checksums, or one of them with none.",
        why: "An object is stored with one checksum, so preparing one workload would spoil it for the other. Uploads may \
              differ: each carries its own checksum.",
        example: "name: v\ntasks: [{ action: download, key: a/1, size: 1KiB }]\n---\nname: w\nchecksum: CRC32\ntasks: [{ action: download, key: a/1, size: 1KiB }]\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    context.keys().pairs(|this, first| {
        let both_read = this.operation.reads() && first.operation.reads();
        if both_read && this.checksum() != first.checksum() {
            let (checksum, first_checksum) = (words(this.checksum()), words(first.checksum()));
            diagnostics.push(clash(
                RULE.explanation.id,
                format!("the key `{}` is downloaded with {first_checksum} and with {checksum}", this.key),
                (this.workload, this.span, format!("{checksum} in {}", this.workload.name)),
                (first.workload, first.span, format!("{first_checksum} in {}", first.workload.name)),
            ));
        }
    });
}

fn words(checksum: Option<Checksum>) -> String {
    checksum.map_or("no checksum".to_owned(), |checksum| checksum.to_string())
}
