//! The results file, and what stored runs mean: figures, analysis, tables, exports, the report.
//!
//! Each module uses only those above it in this list: [`results_file`] (what is stored), [`selection`] (which runs
//! are meant), [`figures`] (numbers from repeats and tasks), [`analysis`] (what numbers
//! mean), [`tables`] (text for people) and [`export`] (rows for programs), [`report`] (one HTML page).

pub mod analysis;
pub mod baseline;
pub mod error;
pub mod export;
pub mod figures;
#[cfg(any(test, feature = "fixtures"))]
pub mod fixtures;
pub mod report;
pub mod results_file;
pub mod selection;
pub mod tables;

/// What commands show and export of stored runs, in one place. Nothing in this crate uses it.
pub mod results {
    pub use crate::error::ResultsError;
    pub use crate::export::{
        ExportFormat, Level, ReferenceFormat, reference, write_records, write_rows, write_summaries,
    };
    pub use crate::figures::{
        Basis, IntervalKind, Latencies, LatencySummary, Percentiles, RunSummary, SizeClass, Spread, Summary,
        cpu_seconds, cpu_seconds_per_gib, throughput,
    };
    pub use crate::selection::{RunSelector, RunSelectorError, select_runs, selected};
    pub use crate::tables::{Context, list_table, show, significant, summary_table, summary_table_within};
}
