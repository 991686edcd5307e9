//! What is checked once all workloads are known. One rule a file, all of them in [`RULES`].

mod derived_name;
mod duplicate_name;
mod key_index;
mod key_two_actions;
mod key_two_checksums;
mod key_two_sizes;
mod output_limit;
mod path_clash;
mod rule;
mod size_spelling;
mod task_limit;
mod upload_prefix;

pub use rule::{Rule, run};

/// Every rule, in the order in which they run: the limits first, as the others walk what they allow.
pub const RULES: &[Rule] = &[
    task_limit::RULE,
    output_limit::RULE,
    duplicate_name::RULE,
    derived_name::RULE,
    upload_prefix::RULE,
    key_two_actions::RULE,
    key_two_sizes::RULE,
    key_two_checksums::RULE,
    path_clash::RULE,
    size_spelling::RULE,
];
