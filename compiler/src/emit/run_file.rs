//! The bytes of `NAME.run.json`: exactly what Python's `json.dump(workload, indent=4)` and a newline would be.

use std::io::Write as _;

use workload_schema::Action;

use super::Sink;
use super::json_text::push_string;
use super::record::{Chunks, Record};
use crate::expanded::{Derived, Expanded, ExplicitTask, Header, Tasks};

/// Writes the file to `sink`; `buffer` is reused.
pub fn write<S: Sink>(workload: &Expanded, sink: &mut S, buffer: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let mut chunks = Chunks::new(sink, buffer);
    chunks.push(&header(&workload.header))?;
    match &workload.tasks {
        Tasks::Derived(derived) => chunks.push_numbered(&mut record(derived), derived.count)?,
        Tasks::Explicit(tasks) => {
            for task in tasks {
                let task_bytes = explicit(task);
                for _ in 0..task.repeat {
                    chunks.push(&task_bytes)?;
                }
            }
        }
    }
    chunks.retract(",\n".len());
    chunks.push(b"\n    ]\n}\n")?;
    chunks.finish()
}

/// The size of the file, without generating it.
pub fn length(workload: &Expanded) -> u64 {
    let tasks = match &workload.tasks {
        Tasks::Derived(derived) => derived.count.saturating_mul(record(derived).len() as u64),
        Tasks::Explicit(tasks) => tasks
            .iter()
            .fold(0_u64, |sum, task| sum.saturating_add(task.repeat.saturating_mul(explicit(task).len() as u64))),
    };
    (header(&workload.header).len() as u64).saturating_add(tasks).saturating_add("    ]\n}\n".len() as u64 - 1)
}

/// The lowest format version that can say `header`.
pub fn version(header: &Header) -> u32 {
    header.checksum.map_or(workload_schema::workload::OLDEST_VERSION, workload_schema::Checksum::since_version)
}

fn header(header: &Header) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + header.comment.len());
    let checksum = header.checksum.map_or("null".to_owned(), |checksum| format!("\"{checksum}\""));
    write!(out, "{{\n    \"version\": {},\n    \"comment\": ", version(header)).expect("memory");
    push_string(&mut out, &header.comment);
    write!(
        out,
        ",\n    \"filesOnDisk\": {},\n    \"checksum\": {checksum},\n    \"maxRepeatCount\": {},\n    \"maxRepeatSecs\": {},\n    \"tasks\": [\n",
        header.files_on_disk, header.max_repeat_count, header.max_repeat_secs
    )
    .expect("memory");
    out
}

fn before_key(action: Action) -> Vec<u8> {
    format!("        {{\n            \"action\": \"{action}\",\n            \"key\": ").into_bytes()
}

fn after_key(size: u64) -> String {
    format!(",\n            \"size\": {size}\n        }},\n")
}

fn record(derived: &Derived) -> Record {
    let mut before = before_key(derived.action);
    push_string(&mut before, &derived.prefix);
    // The closing quote stands behind the number.
    before.pop();
    Record::numbered(&before, derived.width(), format!("\"{}", after_key(derived.size)).as_bytes())
}

fn explicit(task: &ExplicitTask) -> Vec<u8> {
    let mut out = before_key(task.action);
    push_string(&mut out, task.key.as_str());
    out.extend_from_slice(after_key(task.size).as_bytes());
    out
}
