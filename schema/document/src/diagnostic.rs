//! Problems in a document, as values. [`crate::render`] shows them.

use std::sync::Arc;

use crate::{DiagnosticId, SourceFile, Span};

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The work goes on.
    Warning,
}

/// A place that a problem concerns. The first label of a diagnostic is its main place.
#[derive(Debug, Clone)]
pub struct Label {
    /// The text that the place is in.
    pub file: Arc<SourceFile>,
    /// The place.
    pub span: Span,
    /// What there is to see at the place. May be empty.
    pub text: String,
}

/// One problem.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Stable name of the kind of problem.
    pub id: DiagnosticId,
    /// Whether it stops the work.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The places, the main place first.
    pub labels: Vec<Label>,
    /// Further facts, such as the matrix values.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A problem that stops the work.
    pub fn error(id: DiagnosticId, message: impl Into<String>) -> Self {
        Self {
            id,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A problem that does not stop the work.
    pub fn warning(id: DiagnosticId, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(id, message) }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, file: &Arc<SourceFile>, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file: Arc::clone(file), span, text: text.into() });
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a line of help, if there is one.
    #[must_use]
    pub fn maybe_help(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Whether it stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The sort key among other diagnostics: file, position, id.
    pub fn order(&self) -> (&str, usize, DiagnosticId) {
        self.labels.first().map_or(("", 0, self.id), |label| (label.file.path(), label.span.start, self.id))
    }
}
