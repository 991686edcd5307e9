//! How tasks and samples are packed: columns of differences, each a number of as few bytes as it needs.
//!
//! A task takes about 13 bytes so, a tenth of its JSON; a million of them are stored with each repeat in a second. Every
//! block begins with the version of its layout and can be read by itself.

mod numbers;
mod samples;
mod series;
mod workload_tasks;

pub(super) use samples::{read_samples, write_samples};
pub(super) use series::{read_series, write_series};
pub(super) use workload_tasks::{read_workload_tasks, write_workload_tasks};

/// Tasks in a block: few enough that one in memory is nothing, enough that the rest of a row is nothing.
pub(super) const BLOCK_TASKS: usize = 8192;

/// Bytes that are no block of ours, or of a later layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a block of recorded tasks cannot be read: {0}")]
pub(super) struct UnreadableBlock(pub(super) &'static str);
