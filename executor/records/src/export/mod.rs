//! `wlx results export`: rows of typed columns at three levels (run, repeat, task), written as CSV, JSON or Parquet.
//!
//! One table of columns per level drives every format, what `--columns` prints, and docs/columns.md. Rows are made and
//! written one at a time, so that the tasks of a large run are never in memory all at once. Names and meanings of columns
//! do not change. New columns are added at the end.

mod csv;
mod field;
mod json;
mod json_rows;
mod level;
mod parquet;
mod reference;
mod repeat_columns;
mod repeat_figures;
mod run_columns;
mod task_columns;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use csv::{csv_text, write_csv};
pub use json::{write_records, write_summaries};
pub use level::Level;
pub use reference::{ReferenceFormat, reference};
pub use write::{ExportFormat, write_rows};
