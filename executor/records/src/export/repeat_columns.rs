//! The columns of a repeat, after those of its run: one file is enough for a spreadsheet or a data frame. A run
//! without a repeat has no row.

use workload_schema::ClockError;
use workload_schema::record::{MachineUsage, RepeatRecord, RunRecord};

use super::field::{Column, Field, Kind, Value};
use super::repeat_figures::{self, Figure};
use super::run_columns;
use crate::figures::{cpu_seconds_per_gib, throughput};
use crate::results_file::WorkloadBytes;

/// A repeat and what it did.
#[derive(Debug, Clone, Copy)]
pub(super) struct RepeatRow<'a> {
    pub(super) run: &'a RunRecord,
    pub(super) repeat: &'a RepeatRecord,
    /// What it moved each way if it is good; `None` if that is not known.
    pub(super) work: Option<WorkloadBytes>,
}

type ValueOf = for<'a> fn(&RepeatRow<'a>) -> Option<Value<'a>>;

const fn column(name: &'static str, kind: Kind, meaning: &'static str, value: ValueOf) -> Column<ValueOf> {
    Column { name, kind, meaning, value }
}

const fn integer(name: &'static str, meaning: &'static str, value: ValueOf) -> Column<ValueOf> {
    column(name, Kind::Integer, meaning, value)
}

const fn float(name: &'static str, meaning: &'static str, value: ValueOf) -> Column<ValueOf> {
    column(name, Kind::Float, meaning, value)
}

/// The column of a figure that is also described over the run.
const fn figure(figure: &Figure, value: ValueOf) -> Column<ValueOf> {
    column(figure.name, Kind::Float, figure.meaning, value)
}

const COLUMNS: &[Column<ValueOf>] = &[
    integer("repeat", "number of the repeat, from 1", |row| Some(row.repeat.repeat.into())),
    column("cold", Kind::Truth, "true for the first repeat of a process", |row| Some(row.repeat.cold.into())),
    column("good", Kind::Truth, "true if every task succeeded; only then is the row a measurement", |row| {
        Some(row.repeat.is_good().into())
    }),
    float("seconds", "wall time from the first task's start to the last task's end", |row| {
        Some(row.repeat.seconds.into())
    }),
    integer("bytes", "bytes of payload that were verified to have moved", |row| Some(row.repeat.bytes.into())),
    float("throughput_gbps", "bytes x 8 / 1e9 / seconds; absent for a repeat that is not good", |row| {
        row.repeat.is_good().then(|| throughput(row.repeat).get().into())
    }),
    integer("requests", "requests sent, retries included; absent if unknown", |row| known(row.repeat.requests)),
    integer("retries", "requests sent again; absent if unknown", |row| known(row.repeat.retries)),
    integer("failed_tasks", "tasks that failed", |row| {
        Some(row.repeat.errors.iter().map(|error| error.count).sum::<u64>().into())
    }),
    column(
        "errors",
        Kind::Text,
        "causes of the failures as KIND=COUNT, separated by blanks; absent if nothing failed",
        |row| {
            let causes = row.repeat.errors.iter().map(|error| format!("{}={}", error.kind.as_str(), error.count));
            (!row.repeat.is_good()).then(|| causes.collect::<Vec<_>>().join(" ").into())
        },
    ),
    column("first_error", Kind::Text, "message of the first cause; absent if nothing failed", |row| {
        row.repeat.errors.first().map(|error| error.message.as_str().into())
    }),
    float("cpu_user_seconds", "CPU time in user mode of the client's processes", |row| {
        known(row.repeat.cpu_user_seconds)
    }),
    float("cpu_system_seconds", "CPU time in the kernel of the client's processes", |row| {
        known(row.repeat.cpu_system_seconds)
    }),
    float("cpu_seconds_per_gib", "CPU time, user and system, for each GiB moved", |row| {
        known(cpu_seconds_per_gib(row.repeat))
    }),
    integer("peak_memory_bytes", "peak resident memory of the client's processes", |row| {
        known(row.repeat.peak_memory_bytes)
    }),
    float(
        "backoff_seconds",
        "time that requests waited before they were sent again, summed over all requests",
        |row| known(row.repeat.backoff_seconds),
    ),
    integer("context_switches_voluntary", "times a thread of the client waited for something", |row| {
        row.repeat.usage.context_switches.map(|switches| switches.voluntary.into())
    }),
    integer(
        "context_switches_involuntary",
        "times a thread of the client had to leave its core: the cores are contended",
        |row| row.repeat.usage.context_switches.map(|switches| switches.involuntary.into()),
    ),
    integer("disk_read_bytes", "bytes that the client had fetched from storage, not from the page cache", |row| {
        known(row.repeat.usage.disk_read_bytes)
    }),
    integer("disk_write_bytes", "bytes that the client caused to be written to storage, be it later", |row| {
        known(row.repeat.usage.disk_write_bytes)
    }),
    float("busiest_thread_seconds", "CPU time of the busiest thread of the client", |row| {
        known(row.repeat.usage.busiest_thread_seconds)
    }),
    float("server_cpu_seconds", "CPU time of the embedded server; absent where the store is another", |row| {
        known(row.repeat.usage.server_cpu_seconds)
    }),
    float("machine_seconds", "wall time between the two readings of the whole machine, around the repeat", |row| {
        machine(row, |machine| Some(machine.seconds))
    }),
    float("machine_cpu_busy_seconds", "CPU time of all cores that were busy, whoever it was for", |row| {
        machine(row, |machine| Some(machine.cpu_busy_seconds))
    }),
    float("machine_cpu_steal_seconds", "CPU time that the hypervisor gave to somebody else", |row| {
        machine(row, |machine| Some(machine.cpu_steal_seconds))
    }),
    float("machine_cpu_disk_wait_seconds", "CPU time in which cores had only storage to wait for", |row| {
        machine(row, |machine| Some(machine.cpu_disk_wait_seconds))
    }),
    column("machine_interface", Kind::Text, "network interface that leads to the endpoint", |row| {
        row.repeat.usage.machine.as_ref()?.interface.as_deref().map(Value::from)
    }),
    integer(
        "machine_received_bytes",
        "bytes that this interface received, headers and other traffic included",
        |row| machine(row, |machine| machine.received_bytes),
    ),
    integer("machine_sent_bytes", "bytes that this interface sent, headers and other traffic included", |row| {
        machine(row, |machine| machine.sent_bytes)
    }),
    integer("machine_tcp_retransmits", "TCP segments that were sent again", |row| {
        machine(row, |machine| machine.tcp_retransmits)
    }),
    integer("machine_swapped_pages", "pages that were swapped in or out", |row| {
        machine(row, |machine| machine.swapped_pages)
    }),
    integer("machine_link_bits_per_second", "speed of this interface as the system tells it, each way", |row| {
        machine(row, |machine| machine.link_bits_per_second)
    }),
    figure(&repeat_figures::RECEIVE, |row| known(repeat_figures::RECEIVE.of(row.repeat, row.work))),
    figure(&repeat_figures::SEND, |row| known(repeat_figures::SEND.of(row.repeat, row.work))),
    figure(&repeat_figures::CPU_CORES, |row| known(repeat_figures::CPU_CORES.of(row.repeat, row.work))),
    figure(&repeat_figures::BYTES_PER_CPU_SECOND, |row| {
        known(repeat_figures::BYTES_PER_CPU_SECOND.of(row.repeat, row.work))
    }),
    figure(&repeat_figures::REQUESTS, |row| known(repeat_figures::REQUESTS.of(row.repeat, row.work))),
    column("run_key", Kind::Text, run_columns::RUN_KEY, |row| known(run_columns::run_key(row.run))),
    integer("repeat_started_unix_ns", REPEAT_STARTED, |row| known(started_unix_ns(row.repeat))),
    integer(
        "clock_offset_ns",
        "how far that clock was ahead of true time, negative if it was behind; absent if unknown",
        |row| clock(row.repeat).map(|clock| Value::Integer(clock.offset_ns)),
    ),
    integer(
        "clock_bound_ns",
        "how far that clock may still be wrong after correction by the offset, in either direction; absent if unknown",
        |row| clock(row.repeat).map(|clock| clock.bound_ns.into()),
    ),
];

/// What the column `repeat_started_unix_ns` means.
pub(super) const REPEAT_STARTED: &str = "start of the repeat, in nanoseconds since the Unix epoch as the wall clock of the \
     client's machine showed them; absent if unknown";

/// The value of that column.
pub(super) fn started_unix_ns(repeat: &RepeatRecord) -> Option<u64> {
    repeat.started_at.map(|started| started.unix_ns)
}

fn clock(repeat: &RepeatRecord) -> Option<ClockError> {
    repeat.started_at?.clock
}

fn known<'a, T: Into<Value<'a>>>(value: Option<T>) -> Option<Value<'a>> {
    value.map(Into::into)
}

fn machine<'a, T: Into<Value<'a>>>(
    row: &RepeatRow<'a>,
    figure: impl FnOnce(&MachineUsage) -> Option<T>,
) -> Option<Value<'a>> {
    known(row.repeat.usage.machine.as_ref().and_then(figure))
}

/// Fields of [`row`].
pub(super) fn fields() -> Vec<Field> {
    run_columns::identity_fields().chain(COLUMNS.iter().map(Column::field)).collect()
}

/// The row of a repeat.
pub(super) fn row<'a>(row: &RepeatRow<'a>) -> Vec<Option<Value<'a>>> {
    run_columns::identity(row.run).chain(COLUMNS.iter().map(|column| (column.value)(row))).collect()
}
