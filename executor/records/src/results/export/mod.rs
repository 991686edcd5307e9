//! `wlx results export`: rows of typed columns at three levels (a run, a repeat, a task), written as CSV, JSON or Parquet.
//!
//! One table of columns a level drives every format, what `--columns` prints, and docs/columns.md. Rows are made one at
//! a time and handed on, so that the tasks of a large run never are in memory at once. Names and meanings of columns
//! stay; new ones are added at the end.

mod destination;
mod field;
mod figures;
mod json_rows;
mod level;
mod parquet;
mod reference;
mod repeat_columns;
mod run_columns;
mod task_columns;
#[cfg(test)]
mod tests;
mod work;
mod write;

pub use destination::Destination;
pub(super) use field::{Field, Row, RowSink, Value};
use json_rows::JsonRows;
pub use level::Level;
pub(super) use level::each_repeat_row;
use parquet::ParquetRows;
pub use reference::ReferenceFormat;
pub use reference::reference;
pub(crate) use work::Works;
pub use write::{ExportFormat, write_rows};
