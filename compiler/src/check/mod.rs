//! What is checked once all workloads are known. One rule a file, all of them in [`RULES`].

mod rule;

pub use rule::{Rule, run};

/// Every rule, in the order in which they run.
pub const RULES: &[Rule] = &[];
