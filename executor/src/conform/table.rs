//! The table of what clients did: one block per form with one row per client, then the differences, in sentences.

use workload_schema::ByteSize;
use workload_schema::event::BufferResidency;
use workload_schema::record::Outcome;

use run_records::analysis::conformance::{Difference, Level, differences};
use run_records::analysis::conformance::{Evidence, FormEvidence, REFERENCE};
use run_records::analysis::conformance::{NO_CHECKSUM, READ, WRITES, Work};
use wlx_terminal::wrap;
use wlx_terminal::{Column, Grid};

/// Marks of a row.
const FAULT: &str = "FAULT";
const DIFFERS: &str = "differs";
const SKIPPED: &str = "skipped";
const SAME: &str = "";
/// Indentation of a sentence, in columns.
const INDENT: usize = 2;

/// Renders all of it for a terminal of `width` columns, or as wide as it is.
pub fn table(all: &[Evidence], width: Option<usize>) -> String {
    let reference = all.iter().find(|evidence| evidence.client == REFERENCE);
    let differing: Vec<Vec<Difference>> = all.iter().map(|evidence| differing(reference, evidence)).collect();
    let mut text = String::new();
    for name in form_names(all) {
        text += &form_block(all, &differing, &name, width);
        text += "\n";
    }
    text += &sentences(all, &differing, width);
    text
}

/// How a client differs from the reference. For the reference itself, or without one, its faults.
pub fn differing(reference: Option<&Evidence>, evidence: &Evidence) -> Vec<Difference> {
    let against = reference.unwrap_or(evidence);
    let mut found = differences(against, evidence);
    // Faults that the reference shares are listed with the reference.
    found.retain(|difference| difference.client == evidence.client);
    found
}

fn form_names(all: &[Evidence]) -> Vec<String> {
    let mut names = Vec::new();
    for form in all.iter().flat_map(|evidence| &evidence.forms) {
        if !names.contains(&form.form) {
            names.push(form.form.clone());
        }
    }
    names
}

fn form_block(all: &[Evidence], differing: &[Vec<Difference>], name: &str, width: Option<usize>) -> String {
    let mut grid = Grid::new(&[
        Column::text("client", 0),
        Column::text("payload requests", 0),
        Column::text("other requests", 0),
        Column::number("MiB\nsent", 3),
        Column::number("MiB\nreceived", 3),
        Column::text("checksum", 1),
        Column::text("signed", 5),
        Column::text("connections\n(new)", 2),
        Column::number("again", 4),
        Column::number("beside\nrequests s", 2),
        Column::text("memory", 4),
        Column::text("", 0),
    ]);
    let mut title = name.to_owned();
    for (evidence, differing) in all.iter().zip(differing) {
        let Some(form) = evidence.form(name) else { continue };
        title = title_of(form);
        grid.row(row(evidence, form, mark(form, differing)));
    }
    format!("{title}\n{}", grid.render(width))
}

fn title_of(form: &FormEvidence) -> String {
    let asked = &form.asked;
    let tasks = if asked.tasks == 1 { "1 task".to_owned() } else { format!("{} tasks", asked.tasks) };
    let bytes = ByteSize(asked.upload_bytes + asked.download_bytes);
    let checksum = asked.checksum.map(|checksum| format!(", {checksum}")).unwrap_or_default();
    let place = if asked.on_disk { "on disk" } else { "in RAM" };
    format!("{}: {tasks}, {bytes}, {place}{checksum}", form.form)
}

/// The mark for the worst fault of the form.
fn mark(form: &FormEvidence, differing: &[Difference]) -> &'static str {
    let about = |level| differing.iter().any(|it| it.level == level && it.forms.contains(&form.form));
    match form.outcome {
        Outcome::Skipped => SKIPPED,
        _ if about(Level::Fault) => FAULT,
        _ if about(Level::Difference) => DIFFERS,
        _ => SAME,
    }
}

fn row(evidence: &Evidence, form: &FormEvidence, mark: &str) -> Vec<String> {
    let Some(work) = &form.work else {
        let mut cells = vec![String::new(); 12];
        cells[0].clone_from(&evidence.client);
        mark.clone_into(&mut cells[11]);
        return cells;
    };
    vec![
        evidence.client.clone(),
        payload_words(work),
        other_words(work),
        mebibytes(work.wire_sent_bytes),
        mebibytes(work.wire_received_bytes),
        checksum_words(form, work),
        work.signing.keys().cloned().collect::<Vec<_>>().join(", "),
        format!("{} ({})", work.connections, work.new_connections),
        work.retries.to_string(),
        beside_words(form, work),
        form.hello.as_ref().and_then(|hello| hello.buffer_residency).map_or("-", residency_words).to_owned(),
        mark.to_owned(),
    ]
}

/// `4 x 8 MiB, 2 x 4 MiB`; the largest few sizes.
fn payload_words(work: &Work) -> String {
    const SHOWN: usize = 3;
    let sizes = work.pieces.iter().rev();
    let mut words: Vec<String> =
        sizes.take(SHOWN).map(|(size, count)| format!("{count} x {}", ByteSize(*size))).collect();
    if work.pieces.len() > SHOWN {
        words.push("others".to_owned());
    }
    words.join(", ")
}

/// `2 HeadObject, 2 Create/CompleteMultipartUpload`.
fn other_words(work: &Work) -> String {
    let others = work.requests.iter().filter(|(operation, _)| {
        let operation = operation.as_str();
        operation != READ && !WRITES.contains(&operation)
    });
    let short = |operation: &str| operation.replace("MultipartUpload", "");
    others.map(|(operation, count)| format!("{count} {}", short(operation))).collect::<Vec<_>>().join(", ")
}

fn checksum_words(form: &FormEvidence, work: &Work) -> String {
    let mut words: Vec<String> = work.checksums.keys().filter(|words| *words != NO_CHECKSUM).cloned().collect();
    if work.checksums.contains_key(NO_CHECKSUM) && form.asked.checksum.is_some() {
        words.push("none".to_owned());
    }
    match (form.notices_corruption, work.asked_for_checksum) {
        (Some(true), _) => words.push("validated".to_owned()),
        (Some(false), _) => words.push("not validated".to_owned()),
        (None, 0) => {}
        (None, _) => words.push("asked for".to_owned()),
    }
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}

/// Seconds beside the requests; marked where the start of a process is among them by the client's own words.
fn beside_words(form: &FormEvidence, work: &Work) -> String {
    let declared = form.hello.as_ref().is_some_and(|hello| hello.process_start_timed);
    format!("{:.3}{}", work.beside_requests_seconds(), if declared { " process" } else { "" })
}

/// How much payload is in memory at once.
fn residency_words(residency: BufferResidency) -> &'static str {
    match residency {
        BufferResidency::Streamed => "streamed",
        BufferResidency::Part => "part",
        BufferResidency::WholeObject => "whole",
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / (1_u64 << 20) as f64)
}

fn sentences(all: &[Evidence], differing: &[Vec<Difference>], width: Option<usize>) -> String {
    let mut text = String::new();
    for (evidence, differing) in all.iter().zip(differing) {
        text += &evidence.name();
        text += "\n";
        if differing.is_empty() {
            text += if evidence.client == REFERENCE { "  the reference\n" } else { "  nothing differs\n" };
        }
        for difference in differing {
            let loud = if difference.level == Level::Fault { "FAULT: " } else { "" };
            let words = difference.sentence.strip_prefix(&evidence.client).unwrap_or(&difference.sentence).trim_start();
            let forms = forms_words(&difference.forms, evidence);
            text += "  ";
            text += &wrap(&format!("{loud}{words}{forms}"), width.map(|width| width.saturating_sub(INDENT)));
        }
    }
    text
}

/// ` (upload-20MiB-2x, ...)`, or fewer words if the sentence is about most forms.
fn forms_words(forms: &[String], evidence: &Evidence) -> String {
    let other = evidence.forms.iter().map(|form| form.form.as_str()).filter(|form| !forms.iter().any(|it| it == form));
    let others: Vec<&str> = other.collect();
    match others.len() {
        0 if forms.len() > 1 => " (everywhere)".to_owned(),
        1 | 2 if forms.len() > 4 => format!(" (everywhere but {})", others.join(", ")),
        _ => format!(" ({})", forms.join(", ")),
    }
}
