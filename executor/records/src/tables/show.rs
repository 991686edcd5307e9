//! One run in full: where it comes from, every repeat, every cause of failure, how long tasks took.

use std::fmt::Write;

use workload_schema::ByteSize;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::record::{RepeatRecord, RunRecord};

use super::cell::{count_or_dash, figure, figure_or_dash, mebibytes_or_dash, plain};
use super::context::Context;
use super::latency::latency_table;
use super::remarks::{cause, remarks};
use super::runs::{full_summary, outcome};
use super::usage::usage_table;
use crate::analysis;
use crate::figures::Latencies;
use crate::figures::{cpu_seconds_per_gib, throughput};
use wlx_terminal::wrap;
use wlx_terminal::{Column, Grid};

const REPEATS: [Column; 11] = [
    Column::number("repeat", 0),
    Column::text("state", 0),
    Column::number("seconds", 0),
    Column::number("Gb/s", 0),
    Column::number("bytes", 2),
    Column::number("requests", 4),
    Column::number("retries", 1),
    Column::number("CPU user\nseconds", 5),
    Column::number("CPU system\nseconds", 5),
    Column::number("CPU\ns/GiB", 3),
    Column::number("memory\npeak MiB", 3),
];

/// Everything about `run`, for people.
pub fn show(run: &RunRecord, latencies: &Latencies, context: &Context, width: Option<usize>) -> String {
    let mut text = provenance(run);
    if !run.repeats.is_empty() {
        text += "\n";
        text += &repeats(run).render(width);
        if let Some(usage) = usage_table(run, width) {
            text += "\n";
            text += &usage;
        }
    }
    let failures = failures(run);
    if !failures.is_empty() {
        text += "\n";
        text += &failures;
    }
    if !latencies.is_empty() {
        text += "\n";
        text += &latency_table(latencies, width);
    }
    let held_back = analysis::held_back(run);
    if let Some(held_back) = held_back {
        text += "\n";
        text += &wrap(&held_back.sentence(), width);
    }
    let this = std::slice::from_ref(run);
    let summary =
        if run.repeats.is_empty() { remarks(this, context, width) } else { full_summary(this, context, width) };
    if !summary.is_empty() {
        text += "\n";
        text += &summary;
    }
    text
}

fn provenance(run: &RunRecord) -> String {
    let size = ByteSize(run.workload_bytes);
    let mut lines = vec![
        ("run", run.run.to_string()),
        ("workload", format!("{} ({} tasks, {size})", run.workload, run.workload_tasks)),
        ("digest", run.workload_digest.to_string()),
        ("scale", run.scale.clone()),
        ("client", client(run)),
        ("outcome", outcome(run)),
        ("started", run.started_at.clone()),
        ("ended", run.ended_at.clone().unwrap_or_else(|| "-".to_owned())),
        ("session", run.session.clone()),
        ("wlx", run.wlx_version.clone()),
        ("machine", machine(run)),
    ];
    for (index, (name, value)) in run.conditions.to_map().iter().enumerate() {
        let title = if index == 0 { "settings" } else { "" };
        lines.push((title, format!("{name} = {value}")));
    }
    let line = |(title, value): &(&str, String)| format!("{title:<9} {}\n", plain(value));
    lines.iter().map(line).collect()
}

fn client(run: &RunRecord) -> String {
    match &run.hello {
        Some(hello) => format!("{} {} ({})", run.client, hello.client_version, configuration(hello)),
        None => format!("{} (said nothing of itself)", run.client),
    }
}

/// How a client said it is configured, in words.
pub(crate) fn configuration(hello: &Hello) -> String {
    let mut parts = Vec::new();
    parts.extend(hello.tasks_in_flight.map(|tasks| format!("{tasks} tasks in flight")));
    parts.extend(hello.connections.map(|connections| format!("{connections} connections")));
    parts.extend(hello.part_size_bytes.map(|size| format!("parts of {}", ByteSize(size))));
    parts.extend(hello.checksum_placement.map(|placement| match placement {
        ChecksumPlacement::None => "no checksum".to_owned(),
        ChecksumPlacement::Header => "checksum in a header".to_owned(),
        ChecksumPlacement::Trailer => "checksum in a trailer".to_owned(),
    }));
    parts.extend(hello.buffer_residency.map(|residency| match residency {
        BufferResidency::Streamed => "streamed".to_owned(),
        BufferResidency::Part => "a part in memory".to_owned(),
        BufferResidency::WholeObject => "whole objects in memory".to_owned(),
    }));
    if hello.process_start_timed {
        parts.push("start of the process is timed".to_owned());
    }
    parts.join(", ")
}

/// The machine of `run` in one line.
pub(crate) fn machine(run: &RunRecord) -> String {
    let machine = &run.machine;
    format!(
        "{}: {}, {} cores, {}, {}",
        machine.host,
        machine.cpu,
        machine.cores,
        ByteSize(machine.memory_bytes),
        machine.kernel
    )
}

fn repeats(run: &RunRecord) -> Grid {
    let mut grid = Grid::new(&REPEATS);
    for repeat in &run.repeats {
        grid.row(vec![
            repeat.repeat.to_string(),
            state(repeat).to_owned(),
            figure(repeat.seconds),
            // What a failed repeat moved in its time is no throughput.
            figure_or_dash(repeat.is_good().then(|| throughput(repeat).get())),
            repeat.bytes.to_string(),
            count_or_dash(repeat.requests),
            count_or_dash(repeat.retries),
            figure_or_dash(repeat.cpu_user_seconds),
            figure_or_dash(repeat.cpu_system_seconds),
            figure_or_dash(cpu_seconds_per_gib(repeat)),
            mebibytes_or_dash(repeat.peak_memory_bytes),
        ]);
    }
    grid
}

/// Whether a repeat counts, and why not.
pub(crate) fn state(repeat: &RepeatRecord) -> &'static str {
    match (repeat.is_good(), repeat.cold) {
        (true, false) => "warm",
        (true, true) => "cold",
        (false, false) => "failed",
        (false, true) => "failed, cold",
    }
}

fn failures(run: &RunRecord) -> String {
    let mut text = String::new();
    for repeat in &run.repeats {
        for error in &repeat.errors {
            writeln!(text, "repeat {}: {}", repeat.repeat, cause(error)).expect("a String takes all");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::mixed;

    #[test]
    fn a_run_is_shown_with_its_provenance_and_repeats() {
        insta::assert_snapshot!(show(&mixed()[2], &Latencies::default(), &Context::default(), None));
    }

    #[test]
    fn a_run_without_repeats_or_hello_is_shown_too() {
        insta::assert_snapshot!(show(&mixed()[5], &Latencies::default(), &Context::default(), Some(80)));
    }
}
