//! CSV (RFC 4180, lines end with LF): a header, then one line per row. An absent value is an empty cell.

use std::io::{self, Write};

use csv::{ErrorKind, Terminator, Writer, WriterBuilder};
use workload_schema::record::RunRecord;

use super::field::{Field, Row, RowSink, Value};
use super::level::{Level, each_repeat_row};
use crate::figures::Works;

/// Writes a header and one row per repeat of `runs`, which did `works`.
pub(crate) fn write_csv(runs: &[RunRecord], works: &Works, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = CsvRows::begin(&Level::Repeat.fields(), out)?;
    each_repeat_row(runs, works, &mut |row| rows.row(row))?;
    rows.finish()
}

/// `header` and `rows` as the text of a CSV file.
pub(crate) fn csv_text<'a>(header: &[&str], rows: impl Iterator<Item = Vec<String>> + 'a) -> String {
    let mut writer = writer(Vec::new());
    writer.write_record(header).expect("memory takes all");
    for row in rows {
        writer.write_record(row).expect("memory takes all, and rows are as long as the header");
    }
    let bytes = writer.into_inner().expect("memory takes all");
    String::from_utf8(bytes).expect("cells are text")
}

/// Writes rows as CSV.
pub(super) struct CsvRows<'a> {
    writer: Writer<&'a mut dyn Write>,
}

impl<'a> CsvRows<'a> {
    /// Writes the header.
    pub(super) fn begin(fields: &[Field], out: &'a mut dyn Write) -> io::Result<Self> {
        let mut writer = writer(out);
        writer.write_record(fields.iter().map(|field| field.name.as_bytes())).map_err(cause)?;
        Ok(Self { writer })
    }
}

impl RowSink for CsvRows<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        let cells = row.iter().map(|value| value.as_ref().map(text).unwrap_or_default());
        self.writer.write_record(cells).map_err(cause)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn writer<W: Write>(out: W) -> Writer<W> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(out)
}

/// The error of the output itself: whoever writes into a pipe looks at its kind.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let row = ["a", "a,b", "say \"x\"", "two\nlines", "return\r", " blanks ", ""].map(str::to_owned).to_vec();
        let text = csv_text(&["a", "b", "c", "d", "e", "f", "g"], std::iter::once(row));
        assert_eq!(text, "a,b,c,d,e,f,g\na,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"return\r\", blanks ,\n");
    }

    #[test]
    fn the_kind_of_an_output_error_survives() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut gone = Gone;
        let mut rows = CsvRows::begin(&[], &mut gone).unwrap();
        let long = "x".repeat(1 << 20);
        let row = [Some(Value::from(long.as_str()))];
        let refused = rows.row(&row).and_then(|()| rows.finish()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
    }
}
