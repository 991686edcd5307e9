//! The rules for all workloads of a build together. There is one rule per file, and [`RULES`] lists them.

mod clash;
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
mod table;
mod task_limit;
mod upload_prefix;

pub use rule::{Rule, Then};
pub use table::{RULES, run};
