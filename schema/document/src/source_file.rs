//! A text and the name by which people know it.

use std::sync::{Arc, OnceLock};

use crate::Span;

/// A text and its name.
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

    /// The name of the text.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`; empty if the span is out of range.
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
}
