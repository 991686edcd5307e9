//! A column, and what is in it: a typed value or nothing.

use std::borrow::Cow;
use std::io;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UTF-8.
    Text,
    /// 64 bits with a sign.
    Integer,
    /// 64 bits, IEEE 754.
    Float,
    /// True or false.
    Truth,
    /// A moment: RFC 3339 in UTC where it is text, else microseconds since 1970.
    Time,
}

impl Kind {
    /// The word for it in the reference of columns.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Truth => "boolean",
            Self::Time => "time",
        }
    }
}

/// A value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    /// Of a [`Kind::Text`] column.
    Text(Cow<'a, str>),
    /// Of a [`Kind::Integer`] column.
    Integer(i64),
    /// Of a [`Kind::Float`] column.
    Float(f64),
    /// Of a [`Kind::Truth`] column.
    Truth(bool),
    /// Of a [`Kind::Time`] column, RFC 3339.
    Time(&'a str),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Value<'_> {
    /// No count or size of ours comes near the 8 EiB from which on this is not exact, and integers without a sign
    /// surprise whoever subtracts them.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

/// A row: a cell for each field, `None` where it is not known or makes no sense.
pub(crate) type Row<'a> = [Option<Value<'a>>];

/// What a column is called and means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// Name in `snake_case`, with the unit.
    pub(crate) name: Cow<'static, str>,
    /// What its values are.
    pub(crate) kind: Kind,
    /// What it means.
    pub(crate) meaning: Cow<'static, str>,
}

/// A field with the function that makes its values.
pub(super) struct Column<F> {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) meaning: &'static str,
    pub(super) value: F,
}

impl<F> Column<F> {
    pub(super) fn field(&self) -> Field {
        Field { name: Cow::Borrowed(self.name), kind: self.kind, meaning: Cow::Borrowed(self.meaning) }
    }
}

/// A writer of rows in one format. Its header is written when it is made.
pub(crate) trait RowSink {
    /// Takes the next row.
    fn row(&mut self, row: &Row<'_>) -> io::Result<()>;

    /// Writes what is still held back and the end of the document; no row may follow.
    fn finish(&mut self) -> io::Result<()>;
}
