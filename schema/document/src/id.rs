//! Stable ids of diagnostics. Each id is written once, in a constant of this type.

use std::fmt;

/// The stable id of a kind of diagnostic, such as `unknown-field`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DiagnosticId(&'static str);

impl DiagnosticId {
    /// The id with this name. The name of one kind is never reused for another.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for DiagnosticId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The text is not YAML or not JSON.
pub const SYNTAX: DiagnosticId = DiagnosticId::new("syntax");
/// Bytes that are not UTF-8.
pub const NOT_UTF8: DiagnosticId = DiagnosticId::new("not-utf8");
/// More bytes, levels or values than are read.
pub const TOO_LARGE: DiagnosticId = DiagnosticId::new("too-large");
/// A map with the same key twice.
pub const DUPLICATE_FIELD: DiagnosticId = DiagnosticId::new("duplicate-field");
/// YAML without a meaning as JSON.
pub const UNSUPPORTED_YAML: DiagnosticId = DiagnosticId::new("unsupported-yaml");
/// An expression at the start of a value without quotes.
pub const UNQUOTED_TEMPLATE: DiagnosticId = DiagnosticId::new("unquoted-template");
/// A field that the format does not have.
pub const UNKNOWN_FIELD: DiagnosticId = DiagnosticId::new("unknown-field");
/// A required field that is missing.
pub const MISSING_FIELD: DiagnosticId = DiagnosticId::new("missing-field");
/// A value of another type than the field has.
pub const WRONG_TYPE: DiagnosticId = DiagnosticId::new("wrong-type");
/// A value that is not one of those allowed.
pub const WRONG_VALUE: DiagnosticId = DiagnosticId::new("wrong-value");
/// A number, text or list that is too small or too large.
pub const OUT_OF_RANGE: DiagnosticId = DiagnosticId::new("out-of-range");
/// A format version that this release does not read.
pub const UNKNOWN_VERSION: DiagnosticId = DiagnosticId::new("unknown-version");
/// A value that fits the schema but breaks another rule.
pub const BAD_VALUE: DiagnosticId = DiagnosticId::new("bad-value");
