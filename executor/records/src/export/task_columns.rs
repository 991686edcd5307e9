//! The columns of a task: what it was and when, and of which run and repeat it is.

use workload_schema::record::{RepeatRecord, RunRecord, TaskRecord};

use super::field::{Column, Field, Kind, Value};
use super::{repeat_columns, run_columns};

/// A task of a repeat.
#[derive(Debug, Clone, Copy)]
pub(super) struct TaskRow<'a> {
    pub(super) run: &'a RunRecord,
    pub(super) repeat: &'a RepeatRecord,
    pub(super) task: &'a TaskRecord,
}

type ValueOf = for<'a> fn(&TaskRow<'a>) -> Option<Value<'a>>;

const fn column(name: &'static str, kind: Kind, meaning: &'static str, value: ValueOf) -> Column<ValueOf> {
    Column { name, kind, meaning, value }
}

const fn integer(name: &'static str, meaning: &'static str, value: ValueOf) -> Column<ValueOf> {
    column(name, Kind::Integer, meaning, value)
}

const COLUMNS: &[Column<ValueOf>] = &[
    integer("run", "number of the run in its results file", |row| Some(Value::Integer(row.run.run))),
    integer("repeat", "number of the repeat, from 1", |row| Some(row.repeat.repeat.into())),
    column("cold", Kind::Truth, "true for the first repeat of a process", |row| Some(row.repeat.cold.into())),
    column(
        "good_repeat",
        Kind::Truth,
        "true if every task of the repeat succeeded; only then is it a measurement",
        |row| Some(row.repeat.is_good().into()),
    ),
    column("workload", Kind::Text, "name of the workload", |row| Some(row.run.workload.as_str().into())),
    column("client", Kind::Text, "client id", |row| Some(row.run.client.as_str().into())),
    integer("task", "index of the task in the workload, from 0", |row| Some(row.task.task.into())),
    column("action", Kind::Text, "`upload` or `download`", |row| Some(row.task.operation.as_str().into())),
    column("key", Kind::Text, "key of the object", |row| Some(row.task.key.as_str().into())),
    integer("size_bytes", "size of the object", |row| Some(row.task.size_bytes.into())),
    integer("start_ns", "start, since the start of the repeat on the monotonic clock", |row| {
        Some(row.task.start_ns.into())
    }),
    integer("end_ns", "end, on the same clock", |row| Some(row.task.end_ns.into())),
    integer(
        "first_byte_ns",
        "first byte of a download's body, on the same clock; absent for uploads and where the client does not tell",
        |row| row.task.first_byte_ns.map(Value::from),
    ),
    integer("duration_ns", "from the start to the end, retries and back-off included", |row| {
        Some(row.task.duration_ns().into())
    }),
    integer("time_to_first_byte_ns", "from the start to the first byte of a download's body", |row| {
        row.task.time_to_first_byte_ns().map(Value::from)
    }),
    integer("bytes", "bytes of payload moved", |row| Some(row.task.bytes.into())),
    integer("requests", "requests sent for this task, retries included; absent if unknown", |row| {
        row.task.requests.map(Value::from)
    }),
    column("good", Kind::Truth, "true if the task succeeded", |row| Some(row.task.error.is_none().into())),
    column("error", Kind::Text, "cause of its failure; absent if it succeeded", |row| {
        row.task.error.map(|error| error.as_str().into())
    }),
    column("run_key", Kind::Text, run_columns::RUN_KEY, |row| run_columns::run_key(row.run).map(Value::from)),
    integer("repeat_started_unix_ns", repeat_columns::REPEAT_STARTED, |row| {
        repeat_columns::started_unix_ns(row.repeat).map(Value::from)
    }),
    integer(
        "intended_start_ns",
        "intended start, on the clock of `start_ns`; absent if the workload has none",
        |row| row.task.intended_start_ns.map(Value::from),
    ),
];

/// Fields of [`row`].
pub(super) fn fields() -> Vec<Field> {
    COLUMNS.iter().map(Column::field).collect()
}

/// The row of a task.
pub(super) fn row<'a>(row: &TaskRow<'a>) -> impl Iterator<Item = Option<Value<'a>>> {
    COLUMNS.iter().map(|column| (column.value)(row))
}
