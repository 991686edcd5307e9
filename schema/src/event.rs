//! The extended runner protocol: JSON lines that a runner writes to the file named by `WLX_EVENTS`, and
//! the words that it reads from stdin if `WLX_CONTROL=stdin`.
//!
//! A runner that knows neither still works: the plain `Run:` lines are enough. A runner that speaks this protocol has its
//! own figures stored (requests, retries, exact CPU time) and can be kept warm between repeats.

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
/// Control word: check the content of downloads that are dropped as they arrive, off the clock. Only for runners whose
/// [`Hello`] says `verifiesContent`. The answer is [`Verified`].
pub const CONTROL_VERIFY: &str = "verify";
/// Control word: end, with exit code 0 if every repeat went well. End of input means the same.
pub const CONTROL_END: &str = "end";

/// Environment variable that is [`TASKS_OFF`] if no [`TaskEvent`] is wanted.
pub const TASKS_VARIABLE: &str = "WLX_TASKS";
/// Value of [`TASKS_VARIABLE`]: record no tasks.
pub const TASKS_OFF: &str = "off";

/// Environment variable with the [`Tuned`] values as JSON.
pub const TUNED_VARIABLE: &str = "WLX_TUNED";

/// Values that all clients are asked to use instead of those that their makers recommend. A client leaves what it cannot
/// set; its [`Hello`] says what is in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tuned {
    /// Size of a part or range in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_size_bytes: Option<u64>,
    /// Most connections (requests in flight).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u64>,
    /// Most files (tasks) in flight.
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
    /// It passes bytes on as they arrive.
    Streamed,
    /// It holds one part at a time.
    Part,
    /// It holds the whole object.
    WholeObject,
}

/// What a runner says about itself before its first repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the runner.
    pub protocol_version: u32,
    /// Client id, as in the command line.
    pub client: String,
    /// Version of the S3 library, as its makers number it.
    pub client_version: String,
    /// Most tasks in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks_in_flight: Option<u64>,
    /// Most connections (requests in flight).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u64>,
    /// Size of a part or range in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_size_bytes: Option<u64>,
    /// Where the workload's checksum travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_placement: Option<ChecksumPlacement>,
    /// How much of an object is in memory at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buffer_residency: Option<BufferResidency>,
    /// Whether the timed part includes the start of a process.
    #[serde(default)]
    pub process_start_timed: bool,
    /// Whether it understands [`CONTROL_VERIFY`].
    #[serde(default)]
    pub verifies_content: bool,
}

/// How far the current repeat is. It is sent many times per second, and once more after the end of the repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// Nanoseconds since the start of the repeat on the monotonic clock. A sample without it is shown but not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ns: Option<u64>,
    /// Bytes moved so far.
    pub bytes: u64,
    /// Tasks ended so far.
    pub tasks: u64,
    /// Tasks that have begun and not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<u64>,
    /// How long the tasks took that have ended so far in this repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencySoFar>,
}

/// Percentiles of the time from a task's start to its end, at most 4 % too high. They are shown while a repeat is running;
/// stored and reported percentiles come from all tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LatencySoFar {
    /// Half of the tasks took at most this many nanoseconds.
    pub p50_ns: u64,
    /// 90 % of the tasks took at most this many nanoseconds.
    pub p90_ns: u64,
    /// 99 % of the tasks took at most this many nanoseconds.
    pub p99_ns: u64,
}

/// One finished repeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repeat {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// When the repeat started, on the wall clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<WallTime>,
    /// Seconds from the first task's start to the last task's end.
    pub seconds: f64,
    /// Bytes of payload that were verified to have moved.
    pub bytes: u64,
    /// Requests sent, retries included; absent if the client does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Requests that were sent again; absent if the client does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// Seconds that requests waited before they were sent again, summed over all requests; absent if the client does
    /// not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_seconds: Option<f64>,
    /// Failed tasks by cause. A repeat with any entry has failed.
    #[serde(default)]
    pub errors: Vec<ErrorCount>,
    /// CPU seconds in user mode, of this process and its children, during the timed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_user_seconds: Option<f64>,
    /// CPU seconds in the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_system_seconds: Option<f64>,
    /// Peak resident memory in bytes of the largest child process that has ended so far, if there was one. The parent
    /// can no longer read it from the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_children_peak_bytes: Option<u64>,
    /// Context switches, of this process and its ended children, during the timed part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_switches: Option<ContextSwitches>,
    /// Bytes that this process and its ended children read from storage, not from the page cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes that this process and its ended children caused to be written to storage, immediately or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_write_bytes: Option<u64>,
}

/// How often the kernel took a thread off its core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContextSwitches {
    /// The thread waited for something.
    pub voluntary: u64,
    /// Its time slice was over or another thread was more urgent: the cores are contended.
    pub involuntary: u64,
}

/// One finished task. All tasks of a repeat are sent after its end and before its [`Repeat`], in any order, so that
/// sending them takes no time on the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskEvent {
    /// Number of the repeat, from 1.
    pub repeat: u64,
    /// Index of the task in the workload, from 0.
    pub task: u64,
    /// Intended start, if the workload has one, in nanoseconds since the start of the repeat on the monotonic clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intended_start_ns: Option<u64>,
    /// Start, in nanoseconds since the start of the repeat on the monotonic clock.
    pub start_ns: u64,
    /// End, on the same clock.
    pub end_ns: u64,
    /// First byte of a download's body, on the same clock; for a download in ranges the first byte of any range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_ns: Option<u64>,
    /// Bytes of payload moved.
    pub bytes: u64,
    /// Requests sent for this task, retries included; absent if the client does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
}

/// The result of [`CONTROL_VERIFY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// Objects whose content was compared.
    pub tasks: u64,
    /// Bytes compared.
    pub bytes: u64,
    /// Objects that did not match or could not be read, by cause.
    #[serde(default)]
    pub errors: Vec<ErrorCount>,
}

/// One line of the events file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum Event {
    /// The first line.
    Hello(Hello),
    /// Sent from time to time during a repeat.
    Progress(Progress),
    /// Sent once per task after a repeat, by runners that record tasks.
    Task(TaskEvent),
    /// Sent after each repeat.
    Repeat(Repeat),
    /// Sent after the control word `verify`.
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
