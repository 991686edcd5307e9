//! Limits of one build, so that a hostile source can neither hang the compiler nor exhaust memory.

/// Most combinations of all matrices together, unless a flag says otherwise.
pub const DEFAULT_MAX_COMBINATIONS: u64 = 10_000;
/// Most tasks of all workloads together, unless a flag says otherwise.
pub const DEFAULT_MAX_TASKS: u64 = 2_000_000;
/// Most bytes of compiled files together, unless a flag says otherwise.
pub const DEFAULT_MAX_OUTPUT: u64 = 1 << 30;
/// Length in bytes of the longest text in a variable, a matrix value or the result of an expression: that of a key.
pub const MAX_TEXT: usize = 1024;
/// Length in bytes of the longest expression.
pub const MAX_EXPRESSION: usize = 2000;
/// Most instructions of one expression.
pub const FUEL: u64 = 1000;
/// Most values in one variable or matrix value.
pub const MAX_VALUE_NODES: usize = 1000;
/// Units of expansion work per allowed combination; see [`crate::expand::budget`].
pub const WORK_PER_COMBINATION: u64 = 2_000;
/// Most problems that are shown. A person fixes a handful at a time, and a hostile source can have a million.
pub const MAX_SHOWN: usize = 200;

/// The limits of one build.
#[derive(Debug, Clone, Copy)]
pub struct BuildLimits {
    /// Most combinations of all matrices together.
    pub combinations: u64,
    /// Most tasks of all workloads together.
    pub tasks: u64,
    /// Most bytes of all compiled files together.
    pub output: u64,
}

impl Default for BuildLimits {
    fn default() -> Self {
        Self { combinations: DEFAULT_MAX_COMBINATIONS, tasks: DEFAULT_MAX_TASKS, output: DEFAULT_MAX_OUTPUT }
    }
}
