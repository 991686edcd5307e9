//! The bytes of `NAME.prep.json`: the prep plan, each object on one line and each key once.

use std::collections::HashSet;
use std::io::Write as _;

use workload_schema::plan::{BucketRules, VERSION};
use workload_schema::{Action, WorkloadDigest};

use super::Sink;
use super::json_text::push_string;
use super::record::{Chunks, Record};
use crate::expanded::{Derived, Expanded, ExplicitTask, Tasks};

/// Writes the plan of the workload whose run file has `digest`.
pub fn write<S: Sink>(
    workload: &Expanded,
    digest: &WorkloadDigest,
    sink: &mut S,
    buffer: Vec<u8>,
) -> std::io::Result<Vec<u8>> {
    let mut chunks = Chunks::new(sink, buffer);
    chunks.push(&header(workload, digest))?;
    list(&mut chunks, "downloads", workload, Action::Download)?;
    chunks.push(b",\n")?;
    list(&mut chunks, "uploads", workload, Action::Upload)?;
    chunks.push(b"\n}\n")?;
    chunks.finish()
}

/// The size of the file at most, without generating it.
pub fn length(workload: &Expanded) -> u64 {
    let objects = match &workload.tasks {
        Tasks::Derived(derived) => derived.count.saturating_mul(record(derived).len() as u64),
        Tasks::Explicit(tasks) => tasks.iter().fold(0_u64, |sum, task| sum.saturating_add(explicit(task).len() as u64)),
    };
    let header = header(workload, &WorkloadDigest::of(b"")).len() as u64;
    header.saturating_add(objects).saturating_add(64)
}

fn header(workload: &Expanded, digest: &WorkloadDigest) -> Vec<u8> {
    let rules = BucketRules::default();
    let mut out = Vec::with_capacity(512);
    let checksum = workload.header.checksum.map_or("null".to_owned(), |checksum| format!("\"{checksum}\""));
    write!(out, "{{\n    \"version\": {VERSION},\n    \"workload\": ").expect("memory");
    push_string(&mut out, workload.name.as_str());
    write!(
        out,
        ",\n    \"workloadDigest\": \"{digest}\",\n    \"filesOnDisk\": {},\n    \"checksum\": {checksum},\n    \"bucket\": {{\n        \"abortIncompleteMultipartDays\": {},\n        \"expirePrefix\": \"{}\",\n        \"expireDays\": {}\n    }},\n",
        workload.header.files_on_disk,
        rules.abort_incomplete_multipart_days,
        rules.expire_prefix,
        rules.expire_days
    )
    .expect("memory");
    out
}

fn list<S: Sink>(chunks: &mut Chunks<'_, S>, name: &str, workload: &Expanded, action: Action) -> std::io::Result<()> {
    let is_empty = match &workload.tasks {
        Tasks::Derived(derived) => derived.action != action,
        Tasks::Explicit(tasks) => tasks.iter().all(|task| task.action != action),
    };
    if is_empty {
        return chunks.push(format!("    \"{name}\": []").as_bytes());
    }
    chunks.push(format!("    \"{name}\": [\n").as_bytes())?;
    match &workload.tasks {
        Tasks::Derived(derived) => chunks.push_numbered(&mut record(derived), derived.count)?,
        Tasks::Explicit(tasks) => {
            let mut seen = HashSet::new();
            for task in tasks.iter().filter(|task| task.action == action) {
                if seen.insert(&task.key) {
                    chunks.push(&explicit(task))?;
                }
            }
        }
    }
    chunks.retract(",\n".len());
    chunks.push(b"\n    ]")
}

fn record(derived: &Derived) -> Record {
    let mut before = b"        {\"key\": ".to_vec();
    push_string(&mut before, &derived.prefix);
    // The closing quote stands behind the number.
    before.pop();
    let after = format!("\", \"size\": {}}},\n", derived.size);
    Record::numbered(&before, derived.width(), after.as_bytes())
}

fn explicit(task: &ExplicitTask) -> Vec<u8> {
    let mut out = b"        {\"key\": ".to_vec();
    push_string(&mut out, task.key.as_str());
    writeln!(out, ", \"size\": {}}},", task.size).expect("memory");
    out
}
