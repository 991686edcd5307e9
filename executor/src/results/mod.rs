//! What was stored, shown: `wlx results list|show|export`, and the table at the end of `wlx run`.
//!
//! Figures are derived here, from the repeats, each time somebody looks. A failed repeat is shown with its
//! causes and is in no figure.

mod arguments;
mod command;
mod csv;
mod figure;
mod json;
mod remarks;
#[cfg(test)]
mod samples;
mod show;
mod spread;
mod summary;
mod table;

pub use arguments::{ExportArgs, FilterArgs, Format, ListArgs, ResultsArgs, ResultsCommand, RunSelector, ShowArgs};
pub use command::{ResultsError, execute, select_runs};
pub use csv::{columns as csv_columns, write_csv};
pub(crate) use figure::{figure as significant, wrap};
pub use json::{write_records, write_summaries};
pub use spread::{IntervalKind, Spread};
pub use summary::{Basis, RunSummary, Summary, cpu_seconds, cpu_seconds_per_gib, throughput};
pub use table::{list_table, summary_table, summary_table_within};
