//! Limits of the readers, so that a hostile text cannot exhaust memory or the stack.

/// Most problems that a reader reports per file: enough for a person, and a bound for a hostile file.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// The limits of a reader.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes of text.
    pub bytes: usize,
    /// Deepest nesting of lists and maps.
    pub depth: usize,
    /// Most values after the expansion of aliases.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 64, nodes: 2_000_000 }
    }
}
