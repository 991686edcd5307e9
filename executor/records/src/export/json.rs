//! JSON for scripts: whole records, or one summary a run. Both carry the version of the record format.

use std::io::{self, Write};

use serde::Serialize;
use workload_schema::record::{self, RunRecord};

use crate::figures::RunSummary;

/// The shape of `workload_schema::record::RunExport`, without taking the runs.
#[derive(Serialize)]
struct Versioned<T> {
    version: u32,
    runs: Vec<T>,
}

/// Writes runs with every repeat, as `workload_schema::record::RunExport` reads them.
pub fn write_records(runs: &[RunRecord], out: &mut dyn Write) -> io::Result<()> {
    write(runs.iter().collect(), out)
}

/// Writes a [`RunSummary`] for each run.
pub fn write_summaries(runs: &[RunRecord], out: &mut dyn Write) -> io::Result<()> {
    write(runs.iter().map(RunSummary::of).collect(), out)
}

fn write<T: Serialize>(runs: Vec<T>, out: &mut dyn Write) -> io::Result<()> {
    let document = Versioned { version: record::VERSION, runs };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use workload_schema::record::RunExport;

    use super::*;
    use crate::fixtures::mixed;

    #[test]
    fn exported_records_read_back_as_they_were() {
        let mut text = Vec::new();
        write_records(&mixed(), &mut text).unwrap();
        let read: RunExport = serde_json::from_slice(&text).unwrap();
        assert_eq!((read.version, read.runs), (record::VERSION, mixed()));
    }

    #[test]
    fn a_summary_names_its_units() {
        let mut text = Vec::new();
        write_summaries(&mixed()[..3], &mut text).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }

    #[test]
    fn a_record_is_exported_with_every_repeat() {
        let mut text = Vec::new();
        write_records(&mixed()[2..3], &mut text).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }
}
