//! What one build may come to, so that a hostile source can neither hang it nor exhaust memory.

/// Most combinations of all matrices together, unless a flag says otherwise.
pub const DEFAULT_MAX_COMBINATIONS: u64 = 10_000;
/// Most tasks of all workloads together, unless a flag says otherwise.
pub const DEFAULT_MAX_TASKS: u64 = 2_000_000;
/// Most bytes of compiled files together, unless a flag says otherwise.
pub const DEFAULT_MAX_OUTPUT: u64 = 1 << 30;
/// Longest text that a variable, a matrix value or the result of an expression may have: as long as a key.
pub const MAX_TEXT: usize = 1024;
/// Longest expression in bytes.
pub const MAX_EXPRESSION: usize = 2000;
/// Instructions that one expression may take.
pub const FUEL: u64 = 1000;
/// Values in one variable or matrix value.
pub const MAX_VALUE_NODES: usize = 1000;
/// Units of expansion work for each combination that is allowed; see [`crate::expand::budget`].
pub const WORK_PER_COMBINATION: u64 = 2_000;
/// Problems that are shown. A person fixes a handful at a time, and a hostile source has a million.
pub const MAX_SHOWN: usize = 200;

/// The limits of one build.
#[derive(Debug, Clone, Copy)]
pub struct BuildLimits {
    /// Combinations of all matrices together.
    pub combinations: u64,
    /// Tasks of all workloads together.
    pub tasks: u64,
    /// Bytes of all compiled files together.
    pub output: u64,
}

impl Default for BuildLimits {
    fn default() -> Self {
        Self { combinations: DEFAULT_MAX_COMBINATIONS, tasks: DEFAULT_MAX_TASKS, output: DEFAULT_MAX_OUTPUT }
    }
}
