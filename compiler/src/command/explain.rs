//! `wlc explain`: where a workload comes from and what it does.

use std::collections::HashSet;

use checked_document::{nearest, render};
use serde_json::json;
use workload_schema::naming::modern_spelling;
use workload_schema::{ByteSize, DataMedium, Operation, WorkloadName};

use super::compile::compile;
use super::ending::{CommandError, Ending};
use super::report::{Terminal, count_words, plural};
use crate::checked::Checked;
use crate::cli::ExplainArguments;
use crate::contents::Contents;
use crate::expanded::{Expanded, Tasks};

/// Explains one workload.
pub fn run(arguments: &ExplainArguments, terminal: &mut Terminal) -> Result<Ending, CommandError> {
    let compilation = compile(&arguments.sources)?;
    let Some(checked) = &compilation.checked else {
        terminal.diagnostics(&compilation.diagnostics);
        if terminal.is_json() {
            terminal.json(&json!({ "diagnostics": render::json(&compilation.diagnostics), "workload": null }));
        }
        terminal.note(&count_words(&compilation.diagnostics));
        return Ok(Ending::Errors);
    };
    let workload = find(checked, &arguments.name).ok_or_else(|| unknown(checked, &arguments.name))?;
    if terminal.is_json() {
        terminal.json(&as_json(workload));
    } else {
        terminal.data(&as_text(workload));
    }
    Ok(Ending::Done)
}

fn unknown(checked: &Checked, name: &str) -> CommandError {
    let names = checked.workloads().iter().map(|workload| workload.name.as_str());
    CommandError::UnknownWorkload { name: name.to_owned(), hint: nearest::did_you_mean(name, names) }
}

/// Finds a workload by its name or by its older spelling without a count.
fn find<'a>(checked: &'a Checked, name: &str) -> Option<&'a Expanded> {
    let by_name = |name: &str| checked.workloads().iter().find(|workload| workload.name.as_str() == name);
    by_name(name).or_else(|| {
        let modern = modern_spelling(&WorkloadName::new(name).ok()?)?;
        by_name(modern.as_str())
    })
}

/// What a workload needs at the store, on disk and in memory.
struct Needs {
    objects: u64,
    object_bytes: u64,
    disk_bytes: u64,
    largest: u64,
}

impl Needs {
    fn of(workload: &Expanded) -> Self {
        let (objects, object_bytes, largest) = match &workload.tasks {
            Tasks::Derived(derived) => (derived.keys.count(), workload.tasks.bytes(), derived.size),
            Tasks::Explicit(tasks) => {
                let mut seen = HashSet::new();
                let distinct: Vec<_> = tasks.iter().filter(|task| seen.insert(&task.key)).collect();
                let bytes = distinct.iter().fold(0_u64, |sum, task| sum.saturating_add(task.size));
                let largest = distinct.iter().map(|task| task.size).max().unwrap_or(0);
                (distinct.len() as u64, bytes, largest)
            }
        };
        Self {
            objects,
            object_bytes,
            disk_bytes: match workload.header.medium {
                DataMedium::Disk => object_bytes,
                DataMedium::Memory => 0,
            },
            largest,
        }
    }
}

/// The operations in words, like `upload and download`.
fn operations(workload: &Expanded) -> String {
    let done = Operation::ALL.into_iter().filter(|operation| workload.tasks.has(*operation));
    done.map(Operation::as_str).collect::<Vec<_>>().join(" and ")
}

fn as_text(workload: &Expanded) -> String {
    let needs = Needs::of(workload);
    let header = &workload.header;
    let mut lines = vec![format!("{}", workload.name)];
    lines.push(format!("  source    {}", workload.origin.place()));
    for (at, (name, value)) in workload.origin.matrix.iter().enumerate() {
        let label = if at == 0 { "matrix" } else { "" };
        lines.push(format!("  {label:<9} {name} = {value}"));
    }
    if !header.comment.is_empty() {
        lines.push(format!("  comment   {}", header.comment));
    }
    lines.push(format!(
        "  does      {} of {}, {} per repeat, to and from {}",
        operations(workload),
        plural(workload.tasks.count(), "task"),
        ByteSize(workload.tasks.bytes()),
        match header.medium {
            DataMedium::Disk => "files on disk",
            DataMedium::Memory => "memory",
        },
    ));
    lines.push(format!("  objects   {}, {}", needs.objects, ByteSize(needs.object_bytes)));
    lines.push(format!("  checksum  {}", header.checksum.map_or("none".to_owned(), |checksum| checksum.to_string())));
    lines.push(format!("  disk      {}", ByteSize(needs.disk_bytes)));
    lines.push(format!(
        "  memory    up to {} per task in flight, with a client that holds whole objects",
        ByteSize(needs.largest)
    ));
    lines.push(format!(
        "  repeats   at most {}, none started after {} s",
        header.stop.max_repeats, header.stop.max_seconds
    ));
    lines.push(format!("  version   {}", Contents::of(workload).version()));
    lines.join("\n") + "\n"
}

fn as_json(workload: &Expanded) -> serde_json::Value {
    let needs = Needs::of(workload);
    let (line, column) = workload.origin.file.position(workload.origin.span.start);
    let matrix: serde_json::Map<_, _> =
        workload.origin.matrix.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "workload": workload.name,
        "source": { "file": workload.origin.file.path(), "line": line, "column": column },
        "matrix": matrix,
        "comment": workload.header.comment,
        "version": Contents::of(workload).version(),
        "filesOnDisk": workload.header.medium.files_on_disk(),
        "checksum": workload.header.checksum,
        "maxRepeatCount": workload.header.stop.max_repeats,
        "maxRepeatSecs": workload.header.stop.max_seconds,
        "tasks": workload.tasks.count(),
        "bytes": workload.tasks.bytes(),
        "objects": needs.objects,
        "objectBytes": needs.object_bytes,
        "diskBytes": needs.disk_bytes,
        "largestObjectBytes": needs.largest,
    })
}
