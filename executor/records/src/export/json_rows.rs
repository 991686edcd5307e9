//! JSON: one versioned document whose rows are objects, one a line, written as they come.
//!
//! Names are those of the columns in camelCase, as in all our JSON; every row has every column, `null` where it is absent.

use std::io::{self, Write};

use super::field::{Field, Row, RowSink, Value};
use super::level::Level;

/// Format version of the document.
const VERSION: u32 = 1;

/// Writes rows as JSON.
pub(crate) struct JsonRows<'a> {
    /// `"name":` of each column.
    labels: Vec<String>,
    rows: u64,
    out: &'a mut dyn Write,
}

impl<'a> JsonRows<'a> {
    /// Writes the head of the document.
    pub(crate) fn begin(level: Level, fields: &[Field], out: &'a mut dyn Write) -> io::Result<Self> {
        let labels = fields.iter().map(|field| format!("\"{}\":", camel_case(&field.name))).collect();
        write!(out, "{{\"version\":{VERSION},\"level\":\"{}\",\"rows\":[", level.as_str())?;
        Ok(Self { labels, rows: 0, out })
    }
}

impl RowSink for JsonRows<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.out.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
        self.rows += 1;
        for (index, (label, value)) in self.labels.iter().zip(row).enumerate() {
            self.out.write_all(if index == 0 { b"{" } else { b"," })?;
            self.out.write_all(label.as_bytes())?;
            write_value(value.as_ref(), self.out)?;
        }
        self.out.write_all(b"}")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")
    }
}

fn write_value(value: Option<&Value<'_>>, out: &mut dyn Write) -> io::Result<()> {
    match value {
        None => out.write_all(b"null")?,
        Some(Value::Text(text)) => serde_json::to_writer(out, text)?,
        Some(Value::Time(time)) => serde_json::to_writer(out, time)?,
        Some(Value::Integer(number)) => serde_json::to_writer(out, number)?,
        Some(Value::Float(number)) => serde_json::to_writer(out, number)?,
        Some(Value::Truth(truth)) => serde_json::to_writer(out, truth)?,
    }
    Ok(())
}

/// `first_byte_ns` as `firstByteNs`.
pub(super) fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut joined, word| {
        let mut letters = word.chars();
        joined.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        joined + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_camel_case() {
        for (name, expected) in [("run", "run"), ("first_byte_ns", "firstByteNs"), ("cpu_cores_25", "cpuCores25")] {
            assert_eq!(camel_case(name), expected);
        }
    }
}
