//! CSV (RFC 4180): a row a repeat, with all that is known of its run, so that one file is enough for a
//! spreadsheet or a data frame. A run without a repeat has no row; the JSON export has those too.
//!
//! Names and meanings of the columns stay; new ones are added at the end.

use std::io::{self, Write};

use workload_schema::record::{RepeatRecord, RunRecord};

use super::summary;
use crate::grid::{self, Grid};

/// A column: its name with the unit, what it means, and how it is made.
struct Column {
    name: &'static str,
    meaning: &'static str,
    value: fn(&RunRecord, &RepeatRecord) -> String,
}

const fn column(name: &'static str, meaning: &'static str, value: fn(&RunRecord, &RepeatRecord) -> String) -> Column {
    Column { name, meaning, value }
}

const COLUMNS: &[Column] = &[
    column("run", "number of the run in its results file", |run, _| run.run.to_string()),
    column("session", "what the runs of one `wlx run` share", |run, _| run.session.clone()),
    column("started_at", "start of the run, RFC 3339 in UTC", |run, _| run.started_at.clone()),
    column("workload", "name of the workload", |run, _| run.workload.to_string()),
    column("workload_digest", "digest of the workload: equal digests are equal work", |run, _| {
        run.workload_digest.to_string()
    }),
    column("workload_bytes", "bytes that a repeat is to move", |run, _| run.workload_bytes.to_string()),
    column("workload_tasks", "tasks of a repeat", |run, _| run.workload_tasks.to_string()),
    column("scale", "1, or 1/N where every size was shrunk", |run, _| run.scale.clone()),
    column("client", "client id", |run, _| run.client.clone()),
    column("client_version", "version of the S3 library; empty if the client did not tell", |run, _| {
        run.hello.as_ref().map(|hello| hello.client_version.clone()).unwrap_or_default()
    }),
    column("wlx_version", "version of wlx", |run, _| run.wlx_version.clone()),
    column("host", "host that ran the client", |run, _| run.machine.host.clone()),
    column("cpu", "processor model", |run, _| run.machine.cpu.clone()),
    column("cores", "cores that the client could use", |run, _| run.machine.cores.to_string()),
    column("memory_bytes", "memory of the host", |run, _| run.machine.memory_bytes.to_string()),
    column("kernel", "kernel of the host", |run, _| run.machine.kernel.clone()),
    column("settings", "settings in force, a JSON object", |run, _| {
        serde_json::to_string(&run.settings).unwrap_or_default()
    }),
    column("run_outcome", "how the run ended", |run, _| run.outcome.as_str().to_owned()),
    column("repeat", "number of the repeat, from 1", |_, repeat| repeat.repeat.to_string()),
    column("cold", "true for the first repeat of a process", |_, repeat| repeat.cold.to_string()),
    column("good", "true if every task succeeded; only then is the row a measurement", |_, repeat| {
        repeat.is_good().to_string()
    }),
    column("seconds", "wall time from the first task's start to the last task's end", |_, repeat| {
        repeat.seconds.to_string()
    }),
    column("bytes", "bytes of payload that were verified to have moved", |_, repeat| repeat.bytes.to_string()),
    column("throughput_gbps", "bytes x 8 / 1e9 / seconds; empty for a repeat that is not good", |_, repeat| {
        let throughput = || summary::throughput(repeat).get().to_string();
        if repeat.is_good() { throughput() } else { String::new() }
    }),
    column("requests", "requests sent, retries included; empty if unknown", |_, repeat| known(repeat.requests)),
    column("retries", "requests sent again; empty if unknown", |_, repeat| known(repeat.retries)),
    column("failed_tasks", "tasks that failed", |_, repeat| {
        repeat.errors.iter().map(|error| error.count).sum::<u64>().to_string()
    }),
    column("errors", "causes of the failures as KIND=COUNT, separated by blanks", |_, repeat| {
        let causes = repeat.errors.iter().map(|error| format!("{}={}", error.kind.as_str(), error.count));
        causes.collect::<Vec<_>>().join(" ")
    }),
    column("first_error", "message of the first cause", |_, repeat| {
        repeat.errors.first().map(|error| error.message.clone()).unwrap_or_default()
    }),
    column("cpu_user_seconds", "CPU time in user mode of the client's processes", |_, repeat| {
        known(repeat.cpu_user_seconds)
    }),
    column("cpu_system_seconds", "CPU time in the kernel of the client's processes", |_, repeat| {
        known(repeat.cpu_system_seconds)
    }),
    column("cpu_seconds_per_gib", "CPU time, user and system, for each GiB moved", |_, repeat| {
        known(summary::cpu_seconds_per_gib(repeat))
    }),
    column("peak_memory_bytes", "peak resident memory of the client's processes", |_, repeat| {
        known(repeat.peak_memory_bytes)
    }),
];

/// Name and meaning of each column, in order.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    COLUMNS.iter().map(|column| (column.name, column.meaning))
}

/// The columns as a table for people.
pub(super) fn describe_columns(width: Option<usize>) -> String {
    let mut table = Grid::new(&[grid::Column::text("column", 0), grid::Column::text("meaning", 0)]);
    for (name, meaning) in columns() {
        table.row(vec![name.to_owned(), meaning.to_owned()]);
    }
    table.render(width)
}

/// Writes a header and a row for each repeat of `runs`.
pub fn write_csv(runs: &[RunRecord], out: &mut dyn Write) -> io::Result<()> {
    write_row(columns().map(|(name, _)| name.to_owned()), out)?;
    for run in runs {
        for repeat in &run.repeats {
            write_row(COLUMNS.iter().map(|column| (column.value)(run, repeat)), out)?;
        }
    }
    Ok(())
}

pub(crate) fn write_row(fields: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(quoted(field).as_bytes())?;
    }
    out.write_all(b"\n")
}

fn quoted(field: String) -> String {
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

pub(crate) fn known<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::results::samples::mixed;

    #[test]
    fn a_row_is_a_repeat() {
        let mut text = Vec::new();
        write_csv(&mixed()[1..4], &mut text).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }

    #[test]
    fn names_are_distinct_and_described() {
        let names: BTreeSet<&str> = columns().map(|(name, _)| name).collect();
        assert_eq!(names.len(), COLUMNS.len());
        insta::assert_snapshot!(describe_columns(None));
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let fields = ["a", "a,b", "say \"x\"", "two\nlines", ""].map(str::to_owned).into_iter();
        let mut text = Vec::new();
        write_row(fields, &mut text).unwrap();
        assert_eq!(text, b"a,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\n");
    }
}
