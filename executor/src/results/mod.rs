//! What was stored, shown: `wlx results list|show|export`, and the table at the end of `wlx run`.
//!
//! Figures are derived here, from the repeats, each time somebody looks. A failed repeat is shown with its
//! causes and is in no figure.

mod arguments;
pub(crate) mod command;
mod context;
pub(crate) mod csv;
mod describe;
pub(crate) mod export;
pub(crate) mod figure;
mod json;
pub(crate) mod latency;
pub(crate) mod latency_table;
pub(crate) mod remarks;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod show;
mod spread;
pub(crate) mod summary;
pub(crate) mod table;
mod usage_table;

pub use arguments::{
    ExportArgs, ExportFormat, FilterArgs, Format, ListArgs, ResultsArgs, ResultsCommand, RunSelector, ShowArgs,
};
pub use command::{ResultsError, column_reference, execute, select_runs};
pub use context::Context;
pub(crate) use csv::write_csv;
pub(crate) use export::Works;
pub use export::{Level, ReferenceFormat};
pub(crate) use figure::{figure as significant, wrap};
pub use json::{write_records, write_summaries};
pub use latency::{Latencies, LatencySummary, Percentiles, SizeClass};
pub use spread::{IntervalKind, Spread};
pub use summary::{Basis, RunSummary, Summary, cpu_seconds, cpu_seconds_per_gib, throughput};
pub use table::{list_table, summary_table, summary_table_within};
