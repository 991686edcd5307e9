//! The columns of a run: what it was, and its repeats described by the statistics that data frames print.

use std::borrow::Cow;

use workload_schema::record::RunRecord;

use super::field::{Column, Field, Kind, Value};
use super::repeat_figures::{FIGURES, Figure};
use crate::figures::{Basis, counted_repeats};
use crate::figures::{Description, STATISTICS};
use crate::results_file::WorkloadBytes;

/// How many repeats there are, and which of them count.
struct Counted {
    repeats: usize,
    good: usize,
    warm: usize,
    basis: Basis,
}

type RunColumn = Column<for<'a> fn(&'a RunRecord) -> Option<Value<'a>>>;
type CountColumn = Column<fn(&Counted) -> Value<'static>>;

const fn column(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    value: for<'a> fn(&'a RunRecord) -> Option<Value<'a>>,
) -> RunColumn {
    Column { name, kind, meaning, value }
}

/// What a run was: the first columns of a row a run and of a row a repeat.
const IDENTITY: &[RunColumn] = &[
    column("run", Kind::Integer, "number of the run in its results file", |run| Some(Value::Integer(run.run))),
    column("session", Kind::Text, "what the runs of one `wlx run` share", |run| Some(run.session.as_str().into())),
    column("started_at", Kind::Time, "start of the run, RFC 3339 in UTC", |run| Some(Value::Time(&run.started_at))),
    column("workload", Kind::Text, "name of the workload", |run| Some(run.workload.to_string().into())),
    column("workload_digest", Kind::Text, "digest of the workload: equal digests are equal work", |run| {
        Some(run.workload_digest.as_str().into())
    }),
    column("workload_bytes", Kind::Integer, "bytes that a repeat is to move", |run| Some(run.workload_bytes.into())),
    column("workload_tasks", Kind::Integer, "tasks of a repeat", |run| Some(run.workload_tasks.into())),
    column("scale", Kind::Text, "1, or 1/N where every size was shrunk", |run| Some(run.scale.as_str().into())),
    column("client", Kind::Text, "client id", |run| Some(run.client.as_str().into())),
    column("client_version", Kind::Text, "version of the S3 library; absent if the client did not tell", |run| {
        run.hello.as_ref().map(|hello| hello.client_version.as_str().into())
    }),
    column("wlx_version", Kind::Text, "version of wlx", |run| Some(run.wlx_version.as_str().into())),
    column("host", Kind::Text, "host that ran the client", |run| Some(run.machine.host.as_str().into())),
    column("cpu", Kind::Text, "processor model", |run| Some(run.machine.cpu.as_str().into())),
    column("cores", Kind::Integer, "cores that the client could use", |run| Some(run.machine.cores.into())),
    column("memory_bytes", Kind::Integer, "memory of the host", |run| Some(run.machine.memory_bytes.into())),
    column("kernel", Kind::Text, "kernel of the host", |run| Some(run.machine.kernel.as_str().into())),
    column("settings", Kind::Text, "settings in force, a JSON object", |run| {
        serde_json::to_string(&run.conditions).ok().map(Value::from)
    }),
    column("run_outcome", Kind::Text, "how the run ended", |run| Some(run.outcome.as_str().into())),
];

/// What else a row a run has before its statistics.
const MORE: &[RunColumn] = &[
    column("reason", Kind::Text, "why the run failed or was skipped; absent if there is nothing to say", |run| {
        run.reason.as_deref().map(Value::from)
    }),
    column("ended_at", Kind::Time, "end of the run, RFC 3339 in UTC; absent if it did not end", |run| {
        run.ended_at.as_deref().map(Value::Time)
    }),
];

const COUNTS: &[CountColumn] = &[
    Column {
        name: "repeats",
        kind: Kind::Integer,
        meaning: "repeats that were done",
        value: |counted| (counted.repeats as u64).into(),
    },
    Column {
        name: "good_repeats",
        kind: Kind::Integer,
        meaning: "of these, the ones in which every task succeeded",
        value: |counted| (counted.good as u64).into(),
    },
    Column {
        name: "warm_repeats",
        kind: Kind::Integer,
        meaning: "of the good ones, those after the first of their process",
        value: |counted| (counted.warm as u64).into(),
    },
    Column {
        name: "basis",
        kind: Kind::Text,
        meaning: "which repeats the statistics after this column are of: `warm` (the good warm ones), `cold` (the good \
                  cold ones, as there are no others: not to be compared with warm ones) or `nothing`",
        value: |counted| match counted.basis {
            Basis::Warm => "warm".into(),
            Basis::Cold => "cold".into(),
            Basis::Nothing => "nothing".into(),
        },
    },
];

/// What the column `run_key` means. It came after the columns of a run and therefore stands at the end of its rows.
pub(super) const RUN_KEY: &str =
    "SESSION/NUMBER: names the run independently of results files; absent for runs of earlier releases";

/// The value of that column.
pub(super) fn run_key(run: &RunRecord) -> Option<String> {
    run.key().map(String::from)
}

/// Fields of [`identity`].
pub(super) fn identity_fields() -> impl Iterator<Item = Field> {
    IDENTITY.iter().map(Column::field)
}

/// What `run` was.
pub(super) fn identity(run: &RunRecord) -> impl Iterator<Item = Option<Value<'_>>> {
    IDENTITY.iter().map(move |column| (column.value)(run))
}

/// Fields of [`row`].
pub(super) fn fields() -> Vec<Field> {
    let counts = COUNTS.iter().map(Column::field);
    let described = FIGURES.iter().flat_map(|figure| described(figure));
    identity_fields().chain(MORE.iter().map(Column::field)).chain(counts).chain(described).collect()
}

/// The row of `run`, a repeat of which did `work`.
pub(super) fn row(run: &RunRecord, work: Option<WorkloadBytes>) -> Vec<Option<Value<'_>>> {
    let (basis, chosen) = counted_repeats(run);
    let good = run.good_repeats();
    let warm = run.warm_repeats().count();
    let counted = Counted { repeats: run.repeats.len(), good: good.count(), warm, basis };
    let mut row: Vec<Option<Value<'_>>> = identity(run).collect();
    row.extend(MORE.iter().map(|column| (column.value)(run)));
    row.extend(COUNTS.iter().map(|column| Some((column.value)(&counted))));
    for figure in FIGURES {
        let known = chosen.iter().filter_map(|repeat| figure.of(repeat, work));
        let description = Description::of(known);
        row.push(Some((description.count as u64).into()));
        row.extend(description.figures().map(|figure| figure.map(Value::Float)));
    }
    row
}

fn described(figure: &Figure) -> impl Iterator<Item = Field> {
    let Figure { name, meaning, .. } = *figure;
    let count = Field {
        name: Cow::Owned(format!("{name}_count")),
        kind: Kind::Integer,
        meaning: Cow::Owned(format!("repeats of the basis that have it: {meaning}")),
    };
    let figures = STATISTICS.iter().map(move |(suffix, statistic)| Field {
        name: Cow::Owned(format!("{name}_{suffix}")),
        kind: Kind::Float,
        meaning: Cow::Owned(format!("{statistic} of {name} over these repeats")),
    });
    std::iter::once(count).chain(figures)
}
