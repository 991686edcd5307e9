//! The diagnostic for a key that stands twice in a map, for both syntaxes.

use std::sync::Arc;

use crate::{Diagnostic, SourceFile, Span, id};

/// Reports that `key` stands at `first` and `again` in the same map.
pub(crate) fn duplicate_field(file: &Arc<SourceFile>, key: &str, first: Span, again: Span) -> Diagnostic {
    Diagnostic::error(id::DUPLICATE_FIELD, format!("`{key}` stands twice"))
        .at(file, again, "again here")
        .at(file, first, "first here")
        .help("keep one of them")
}
