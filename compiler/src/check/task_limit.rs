//! Rule: a build stays within the limit on tasks.

use checked_document::{Diagnostic, DiagnosticId, Explanation};

use super::rule::{Context, Rule, Then};

/// The rule.
pub const RULE: Rule = Rule {
    explanation: Explanation {
        id: DiagnosticId::new("too-many-tasks"),
        what: "All workloads together have more tasks than allowed (2,000,000 unless `--max-tasks` says otherwise).",
        why: "A single digit too many in `numFiles` or `repeat` would fill the disk with compiled files.",
        example: "action: upload\nfileSize: 1KiB\nnumFiles: 1000000000000\n",
    },
    then: Then::Stop,
    check,
};

fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut total = 0_u64;
    for workload in context.workloads {
        let count = workload.tasks.count();
        total = total.saturating_add(count);
        if total > context.limits.tasks {
            let message = format!(
                "with the {count} tasks of {} the build has more than {} tasks",
                workload.name, context.limits.tasks
            );
            let diagnostic = Diagnostic::error(RULE.explanation.id, message)
                .at(&workload.origin.file, workload.origin.span, "")
                .help("`--max-tasks N` raises the limit");
            diagnostics.push(workload.origin.note(diagnostic));
            return;
        }
    }
}
