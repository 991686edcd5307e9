//! Ids of the diagnostics for reading and expanding sources. The ids of rules are in the rules.

use checked_document::DiagnosticId;

/// A source file that cannot be read.
pub const UNREADABLE: DiagnosticId = DiagnosticId::new("unreadable");
/// Braces that do not pair, or a text that is not an expression.
pub const TEMPLATE_SYNTAX: DiagnosticId = DiagnosticId::new("template-syntax");
/// A name that is not defined.
pub const UNDEFINED_VARIABLE: DiagnosticId = DiagnosticId::new("undefined-variable");
/// An expression that cannot be evaluated.
pub const TEMPLATE_ERROR: DiagnosticId = DiagnosticId::new("template-error");
/// Too much work, or a text that is too long.
pub const TEMPLATE_LIMIT: DiagnosticId = DiagnosticId::new("template-limit");
/// A variable or axis whose name cannot be used.
pub const BAD_VARIABLE: DiagnosticId = DiagnosticId::new("bad-variable");
/// More combinations than a build takes.
pub const TOO_MANY_COMBINATIONS: DiagnosticId = DiagnosticId::new("too-many-combinations");
/// An axis that the matrix does not have.
pub const UNKNOWN_AXIS: DiagnosticId = DiagnosticId::new("unknown-axis");
/// An `include` without one of the axes.
pub const INCOMPLETE_INCLUDE: DiagnosticId = DiagnosticId::new("incomplete-include");
/// A matrix without a combination.
pub const EMPTY_MATRIX: DiagnosticId = DiagnosticId::new("empty-matrix");
/// An `exclude` that matches nothing.
pub const UNUSED_EXCLUDE: DiagnosticId = DiagnosticId::new("unused-exclude");
/// A text that is not a size.
pub const BAD_SIZE: DiagnosticId = DiagnosticId::new("bad-size");
/// A text that is not a key.
pub const BAD_KEY: DiagnosticId = DiagnosticId::new("bad-key");
/// A text that is not a name.
pub const BAD_NAME: DiagnosticId = DiagnosticId::new("bad-name");
/// A workload that is both derived and explicit.
pub const TASKS_AND_DERIVED: DiagnosticId = DiagnosticId::new("tasks-and-derived");
