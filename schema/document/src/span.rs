//! Where something stands: byte ranges in a named text.

use std::sync::{Arc, OnceLock};

use crate::Diagnostic;

/// A range of bytes in a [`SourceFile`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// What a reader takes at most, so that a hostile text cannot exhaust memory or the stack.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Nesting of lists and maps.
    pub depth: usize,
    /// Values after the expansion of aliases.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 64, nodes: 2_000_000 }
    }
}

/// Problems that one reader reports of one file: enough for a person, and a bound for a hostile file.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// A text with the name under which people know it.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// A text and its label, normally the path as the user gave it.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), line_starts: OnceLock::new() })
    }

    /// A file's bytes, which must be UTF-8. A byte order mark is dropped.
    pub fn from_bytes(path: &str, bytes: Vec<u8>, limits: Limits) -> Result<Arc<Self>, Diagnostic> {
        if bytes.len() > limits.bytes {
            let message = format!("the file has {} bytes, more than the {} that are read", bytes.len(), limits.bytes);
            return Err(Diagnostic::error("too-large", message).at(&Self::new(path, ""), Span::default(), ""));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
                Some(rest) => Self::new(path, rest),
                None => Self::new(path, text),
            }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = Self::new(path, readable);
                Err(Diagnostic::error("not-utf8", "the file is not UTF-8 text")
                    .at(&file, Span::new(at, at + '\u{fffd}'.len_utf8()), "this byte is not valid")
                    .help("save the file as UTF-8"))
            }
        }
    }

    /// The name of the text.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`, empty where the span is out of range.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column (in characters) of a byte, both from 1.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let starts = self.line_starts.get_or_init(|| {
            let newlines = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(newlines).collect()
        });
        let line = starts.partition_point(|start| *start <= byte).max(1);
        let before = self.text.get(starts[line - 1]..byte).unwrap_or("");
        (line, before.chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let file = SourceFile::new("f", "ä b\nc\n");
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(3), (1, 3));
        assert_eq!(file.position(5), (2, 1));
        assert_eq!(file.position(99), (3, 1));
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_where_they_stand() {
        let error = SourceFile::from_bytes("f", b"ab\xff".to_vec(), Limits::default()).unwrap_err();
        assert_eq!(error.id, "not-utf8");
        assert_eq!(error.labels[0].span.start, 2);
        let small = Limits { bytes: 1, ..Limits::default() };
        assert_eq!(SourceFile::from_bytes("f", b"ab".to_vec(), small).unwrap_err().id, "too-large");
    }
}
