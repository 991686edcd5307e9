//! CSV (RFC 4180): a header, then a row a line. What is absent is empty.

use std::io::{self, Write};

use workload_schema::record::RunRecord;

use super::export::{Field, Level, Row, RowSink, Value, Works, each_repeat_row};

/// Writes a header and a row for each repeat of `runs`, which did `works`.
pub(crate) fn write_csv(runs: &[RunRecord], works: &Works, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = CsvRows::begin(&Level::Repeat.fields(), out)?;
    each_repeat_row(runs, works, &mut |row| rows.row(row))?;
    rows.finish()
}

/// Writes rows as CSV.
pub(super) struct CsvRows<'a> {
    out: &'a mut dyn Write,
}

impl<'a> CsvRows<'a> {
    /// Writes the header.
    pub(super) fn begin(fields: &[Field], out: &'a mut dyn Write) -> io::Result<Self> {
        write_row(fields.iter().map(|field| field.name.to_string()), out)?;
        Ok(Self { out })
    }
}

impl RowSink for CsvRows<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        write_row(row.iter().map(|value| value.as_ref().map(text).unwrap_or_default()), self.out)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn known<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Time(time) => (*time).to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Truth(truth) => truth.to_string(),
    }
}

pub(crate) fn write_row(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(quoted(cell).as_bytes())?;
    }
    out.write_all(b"\n")
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let cells = ["a", "a,b", "say \"x\"", "two\nlines", ""].map(str::to_owned).into_iter();
        let mut text = Vec::new();
        write_row(cells, &mut text).unwrap();
        assert_eq!(text, b"a,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\n");
    }
}
