//! What was stored, shown: `wlx results list|show|export`, and the table at the end of `wlx run`.
//!
//! Figures are derived here, from the repeats, each time somebody looks. A failed repeat is shown with its
//! causes and is in no figure.

mod context;
pub(crate) mod csv;
mod describe;
mod error;
pub(crate) mod export;
pub(crate) mod figure;
mod json;
pub(crate) mod latency;
pub(crate) mod latency_table;
pub(crate) mod remarks;
#[cfg(any(test, feature = "fixtures"))]
pub mod samples;
mod selection;
pub(crate) mod show;
mod spread;
pub(crate) mod summary;
pub(crate) mod table;
mod usage_table;

pub use context::Context;
pub(crate) use csv::write_csv;
pub use error::ResultsError;
pub(crate) use export::Works;
pub use export::{Destination, ExportFormat, Level, ReferenceFormat, reference, write_rows};
pub use figure::figure as significant;
pub use json::{write_records, write_summaries};
pub use latency::{Latencies, LatencySummary, Percentiles, SizeClass};
pub use selection::{RunSelector, RunSelectorError, select_runs, selected};
pub use show::show;
pub use spread::{IntervalKind, Spread};
pub use summary::{Basis, RunSummary, Summary, cpu_seconds, cpu_seconds_per_gib, throughput};
pub use table::{list_table, summary_table, summary_table_within};
