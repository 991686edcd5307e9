//! The second stage: one value per workload, with every expression evaluated.

use std::sync::Arc;

use checked_document::{Diagnostic, SourceFile, Span};
use workload_schema::workload::Stop;
use workload_schema::{Checksum, DataMedium, KeySeries, ObjectKey, Operation, WorkloadName};

/// Where a workload comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The source file.
    pub file: Arc<SourceFile>,
    /// The place that represents the workload: its `name`, else its `fileSize`.
    pub span: Span,
    /// Axes and values of its combination, as people write them. Empty without a matrix.
    pub matrix: Vec<(String, String)>,
    /// Whether the workload has the name of its file.
    pub name_from_file: bool,
}

impl Origin {
    /// `action=upload, size=1KiB`; none without a matrix.
    pub fn combination(&self) -> Option<String> {
        if self.matrix.is_empty() {
            return None;
        }
        let values: Vec<_> = self.matrix.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(values.join(", "))
    }

    /// `diagnostic` with the combination as a note.
    pub fn note(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.combination() {
            Some(combination) => diagnostic.note(format!("in the combination {combination}")),
            None => diagnostic,
        }
    }

    /// File and line, for lists.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.path(), self.file.position(self.span.start).0)
    }
}

/// One workload, resolved.
#[derive(Debug, Clone)]
pub struct Expanded {
    /// Where it comes from.
    pub origin: Origin,
    /// Its name.
    pub name: WorkloadName,
    /// Everything but the tasks.
    pub header: Header,
    /// The tasks.
    pub tasks: Tasks,
}

/// The properties of a workload other than its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What the workload stands for, for people.
    pub comment: String,
    /// Where data comes from and goes to.
    pub medium: DataMedium,
    /// Checksum that uploads carry and downloads validate.
    pub checksum: Option<Checksum>,
    /// The limits of repeating.
    pub stop: Stop,
}

/// What one repeat does, as compactly as the source described it.
#[derive(Debug, Clone)]
pub enum Tasks {
    /// Described by the size and number of files.
    Derived(Derived),
    /// Listed one by one.
    Explicit(Vec<ExplicitTask>),
}

/// A numbered series of equal files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// What is done with each file.
    pub operation: Operation,
    /// Size of each file as it was written.
    pub size_text: String,
    /// Size of each file in bytes.
    pub size: u64,
    /// Their keys.
    pub keys: KeySeries,
    /// The name that is derived from the files. The workload may have another name.
    pub name: String,
    /// Where the size stands.
    pub size_span: Span,
}

/// A task and how often the workload does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplicitTask {
    /// What is done.
    pub operation: Operation,
    /// The object.
    pub key: ObjectKey,
    /// Its size in bytes.
    pub size: u64,
    /// How often it is done in one repeat.
    pub repeat: u64,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the size stands.
    pub size_span: Span,
}

impl Tasks {
    /// How many tasks one repeat has.
    pub fn count(&self) -> u64 {
        match self {
            Self::Derived(derived) => derived.keys.count(),
            Self::Explicit(tasks) => tasks.iter().fold(0, |sum, task| sum.saturating_add(task.repeat)),
        }
    }

    /// Bytes that one repeat moves.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Derived(derived) => derived.keys.count().saturating_mul(derived.operation.bytes_moved(derived.size)),
            Self::Explicit(tasks) => tasks.iter().fold(0, |sum, task| {
                sum.saturating_add(task.repeat.saturating_mul(task.operation.bytes_moved(task.size)))
            }),
        }
    }

    /// Whether any task does `operation`.
    pub fn has(&self, operation: Operation) -> bool {
        match self {
            Self::Derived(derived) => derived.operation == operation,
            Self::Explicit(tasks) => tasks.iter().any(|task| task.operation == operation),
        }
    }
}
