//! The diagnostic that two workloads contradict each other.

use checked_document::{Diagnostic, DiagnosticId, Span};

use crate::expanded::Expanded;

/// A clash of `later` with `earlier`, both named.
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
