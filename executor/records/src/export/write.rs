//! Rows of one level written in one format.

use std::io::Write;

use clap::ValueEnum;
use workload_schema::record::RunRecord;

use super::csv::CsvRows;
use super::field::RowSink;
use super::json_rows::JsonRows;
use super::level::Level;
use super::parquet::ParquetRows;
use crate::error::ResultsError;
use crate::results_file::ResultsFile;

/// How to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// JSON, with a format version
    Json,
    /// Comma-separated values with a header
    Csv,
    /// Parquet: typed, compressed columns
    Parquet,
}

/// Writes the rows of `level` that `runs` have, with their tasks from `results`.
pub fn write_rows(
    runs: &[RunRecord],
    results: &ResultsFile,
    level: Level,
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<(), ResultsError> {
    let fields = level.fields();
    let mut sink: Box<dyn RowSink + '_> = match format {
        ExportFormat::Json => Box::new(JsonRows::begin(level, &fields, out)?),
        ExportFormat::Csv => Box::new(CsvRows::begin(&fields, out)?),
        ExportFormat::Parquet => Box::new(ParquetRows::begin(level, &fields, out)?),
    };
    level.each_row(runs, results, &mut |row| sink.row(row))?;
    Ok(sink.finish()?)
}
