//! The commands, and what they share: reading sources, printing diagnostics and exit codes.

mod build;
mod check;
mod compile;
pub mod docs;
mod ending;
mod explain;
pub mod report;
mod run;
pub mod schema;

pub use run::run_from_env;
