//! The extended runner protocol: JSON lines that a runner writes to the file named by `WLX_EVENTS`, and
//! the words it reads from stdin where `WLX_CONTROL=stdin`.
//!
//! A runner that knows neither still works: the plain `Run:` lines are enough. One that knows them gets
//! its own numbers stored (requests, retries, exact CPU time) and can be kept warm between repeats.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ErrorCount, ErrorKind, WallTime};

/// Version of this protocol, sent in `hello`.
pub const PROTOCOL_VERSION: u32 = 1;
/// Environment variable that names the file (often a FIFO) for the events.
pub const EVENTS_VARIABLE: &str = "WLX_EVENTS";
/// Environment variable that says where control words come from; [`CONTROL_STDIN`] is the only value.
pub const CONTROL_VARIABLE: &str = "WLX_CONTROL";
/// Value of [`CONTROL_VARIABLE`]: wait for a word on stdin before each repeat.
pub const CONTROL_STDIN: &str = "stdin";
/// Control word: do one repeat.
pub const CONTROL_RUN: &str = "run";
/// Control word: check the content of downloads that are dropped as they arrive, off the clock; only for runners whose
/// [`Hello`] says `verifiesContent`. Answered by [`Verified`].
pub const CONTROL_VERIFY: &str = "verify";
/// Control word: end, with exit code 0 if every repeat went well. End of input means the same.
pub const CONTROL_END: &str = "end";

/// Environment variable that is [`TASKS_OFF`] where no [`TaskEvent`] is wanted.
pub const TASKS_VARIABLE: &str = "WLX_TASKS";
/// Value of [`TASKS_VARIABLE`]: record no tasks.
pub const TASKS_OFF: &str = "off";

/// Environment variable with the [`Tuned`] values as JSON.
pub const TUNED_VARIABLE: &str = "WLX_TUNED";

/// Values that all clients are asked to use alike, instead of what each one's makers recommend. What a client
/// cannot set it leaves as it is; its [`Hello`] says what is in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tuned {
    /// Size of a part or range in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_size_bytes: Option<u64>,
    /// Connections (requests in flight) at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u64>,
    /// Files (tasks) in flight at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_in_flight: Option<u64>,
}

/// Where a checksum travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChecksumPlacement {
    /// No checksum is sent or validated.
    None,
    /// In a request header, computed before the first byte is sent.
    Header,
    /// In a trailer, computed while the body is sent.
    Trailer,
}

/// How much of an object a client holds in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum BufferResidency {
    /// Bytes are handed on as they come.
    Streamed,
    /// A part at a time.
    Part,
    /// The whole object.
    WholeObject,
}

/// What a runner says of itself before its first repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the runner.
    pub protocol_version: u32,
    /// Client id, as in the command line.
    pub client: String,
    /// Version of the S3 library, as its makers number it.
    pub client_version: String,
    /// Tasks in flight at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks_in_flight: Option<u64>,
    /// Connections (requests in flight) at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u64>,
    /// Size of a part or range in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_size_bytes: Option<u64>,
    /// Where the workload's checksum travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_placement: Option<ChecksumPlacement>,
    /// How much of an object is in memory at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buffer_residency: Option<BufferResidency>,
    /// Whether the start of a process is inside the timed part.
    #[serde(default)]
    pub process_start_timed: bool,
    /// Whether it understands [`CONTROL_VERIFY`].
    #[serde(default)]
    pub verifies_content: bool,
}

/// How far the current repeat is, many times a second; the last one after its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// Nanoseconds since the start of the repeat on the monotonic clock; without it the sample is for the eye only and
    /// is not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ns: Option<u64>,
    /// Bytes moved so far.
    pub bytes: u64,
    /// Tasks ended so far.
    pub tasks: u64,
    /// Tasks that have begun and not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<u64>,
    /// How long the tasks of this repeat took that have ended so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencySoFar>,
}

/// Percentiles of the time from a task's start to its end, at most 4 % too high: for the eye, while a repeat goes on.
/// What is stored and reported comes from all tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LatencySoFar {
    /// Half of the tasks took at most so many nanoseconds.
    pub p50_ns: u64,
    /// 90 % of them.
    pub p90_ns: u64,
    /// 99 % of them.
    pub p99_ns: u64,
}

/// One finished repeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repeat {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// When it began, on the wall clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<WallTime>,
    /// Seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes of payload that were verified to have moved.
    pub bytes: u64,
    /// Requests sent, retries included; absent where the client cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Requests that were sent again; absent where the client cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// Seconds that requests waited before they were sent again, summed over all requests; absent where the client
    /// cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_seconds: Option<f64>,
    /// Failed tasks by cause. Any entry makes the repeat a failed one.
    #[serde(default)]
    pub errors: Vec<ErrorCount>,
    /// CPU seconds in user mode, of this process and its children, during the timed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_user_seconds: Option<f64>,
    /// CPU seconds in the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_system_seconds: Option<f64>,
    /// Peak resident memory in bytes of the largest child process that has ended so far, where there were any: nobody
    /// can look at them any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_children_peak_bytes: Option<u64>,
    /// Context switches, of this process and its ended children, during the timed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_switches: Option<ContextSwitches>,
    /// Bytes that were fetched from storage, not from the page cache, for this process and its ended children.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes that this process and its ended children caused to be written to storage, be it later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_write_bytes: Option<u64>,
}

/// How often the kernel took a thread off its core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContextSwitches {
    /// Because it waited for something.
    pub voluntary: u64,
    /// Because its time was up, or another one was more urgent: the cores are contended.
    pub involuntary: u64,
}

/// One finished task. All of a repeat are sent after its end and before its [`Repeat`], in any order, so that sending
/// them costs no time on the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskEvent {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// Index of the task in the workload, from 0.
    pub task: u64,
    /// When it was meant to start, where the workload says so: in nanoseconds since the start of the repeat on the
    /// monotonic clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intended_start_ns: Option<u64>,
    /// Start, in nanoseconds since the start of the repeat on the monotonic clock.
    pub start_ns: u64,
    /// End, on the same clock.
    pub end_ns: u64,
    /// First byte of a download's body, on the same clock; of a download in ranges the first byte of any of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_ns: Option<u64>,
    /// Bytes of payload moved.
    pub bytes: u64,
    /// Requests sent for this task, retries included; absent where the client cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
}

/// What [`CONTROL_VERIFY`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// Objects whose content was compared.
    pub tasks: u64,
    /// Bytes compared.
    pub bytes: u64,
    /// What did not match or could not be read, by cause.
    #[serde(default)]
    pub errors: Vec<ErrorCount>,
}

/// One line of the events file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum Event {
    /// First line.
    Hello(Hello),
    /// Now and then during a repeat.
    Progress(Progress),
    /// One for each task, after a repeat; only from runners that record tasks.
    Task(TaskEvent),
    /// After each repeat.
    Repeat(Repeat),
    /// After the control word `verify`.
    Verified(Verified),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_event_and_units() {
        let event = Event::Progress(Progress {
            repeat: 1,
            elapsed_ns: None,
            bytes: 5,
            tasks: 0,
            in_flight: None,
            latency: None,
        });
        let line = serde_json::to_string(&event).unwrap();
        assert_eq!(line, r#"{"event":"progress","repeat":1,"bytes":5,"tasks":0}"#);
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
    }

    #[test]
    fn later_fields_do_not_break_this_reader() {
        let line = r#"{"event":"hello","protocolVersion":1,"client":"x","clientVersion":"1","later":true}"#;
        assert!(matches!(serde_json::from_str(line), Ok(Event::Hello(hello)) if hello.client == "x"));
    }
}
