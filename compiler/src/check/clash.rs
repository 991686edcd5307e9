//! Diagnostics about two workloads that contradict each other.

use checked_document::{Diagnostic, DiagnosticId, Span};

use crate::expanded::Expanded;

/// Reports that `later` contradicts `earlier`. A note names the combination of each.
pub fn clash(
    id: DiagnosticId,
    message: String,
    (later, later_span, later_text): (&Expanded, Span, String),
    (earlier, earlier_span, earlier_text): (&Expanded, Span, String),
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(id, message).at(&later.origin.file, later_span, later_text).at(
        &earlier.origin.file,
        earlier_span,
        earlier_text,
    );
    for workload in [later, earlier] {
        if let Some(combination) = workload.origin.combination() {
            diagnostic = diagnostic.note(format!("{} is the combination {combination}", workload.name));
        }
    }
    diagnostic
}
