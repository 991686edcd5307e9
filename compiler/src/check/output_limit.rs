//! Rule: the compiled files stay within the limit on bytes.

use checked_document::{Diagnostic, DiagnosticId, Explanation};
use workload_schema::ByteSize;

use super::rule::{Context, Rule, Then};
use crate::contents::Contents;

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("too-much-output"),
        what: "All compiled files together are larger than allowed (1GiB unless `--max-output` says otherwise).",
        why: "Repeating a key of 1,024 bytes can fill a disk within the limit on tasks.",
        example: "name: w\ntasks:\n  - { action: upload, key: upload/a-very-long-key, size: 1KiB, repeat: 1900000 }\n# with --max-output 1MiB\n",
    },
    then: Then::GoOn,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut total = 0_u64;
    for workload in context.workloads {
        let contents = Contents::of(workload);
        total = total.saturating_add(contents.run_length()).saturating_add(contents.prep_length());
        if total > context.limits.output {
            let message = format!(
                "with {} the compiled files are larger than {}",
                workload.name,
                ByteSize(context.limits.output)
            );
            let diagnostic = Diagnostic::error(RULE.explanation.id, message)
                .at(&workload.origin.file, workload.origin.span, "")
                .help("`--max-output SIZE` raises the limit");
            diagnostics.push(workload.origin.note(diagnostic));
            return;
        }
    }
}
