//! What a reader takes at most, so that a hostile text cannot exhaust memory or the stack.

/// Problems that one reader reports of one file: enough for a person, and a bound for a hostile file.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// What a reader takes at most.
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
