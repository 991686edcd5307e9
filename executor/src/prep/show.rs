//! The plan, for people and for scripts.

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use workload_library::LoadedWorkload;
use workload_schema::{ByteSize, ObjectKey};

use super::bucket::{BucketState, RulesPlan};
use super::{BucketClient, Survey, Tally};

/// Format version of the JSON form.
const VERSION: u32 = 1;

/// What is shown about a preparation.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    /// The workloads.
    pub(super) workloads: &'a [LoadedWorkload],
    /// Where their objects go, if they are prepared.
    pub(super) store: Option<&'a BucketClient>,
    /// What is there, and what is to be done.
    pub(super) survey: &'a Survey,
    /// Whether the plan is carried out, or only shown.
    pub(super) applied: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    workloads: Vec<&'a str>,
    applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<BucketDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<Things<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Things<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BucketDocument<'a> {
    name: &'a str,
    store: &'a str,
    state: &'static str,
    creates: bool,
    marks: bool,
    lifecycle_rules: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Things<'a> {
    keep: Tally,
    make: Tally,
    /// How many of those to make replace something else.
    replace: Tally,
    #[serde(skip_serializing_if = "Option::is_none")]
    make_folders: Option<usize>,
    wrong_bytes: Vec<&'a str>,
}

/// The plan as one JSON document.
pub(super) fn json(plan: Plan<'_>) -> String {
    let Plan { workloads, store, survey, applied } = plan;
    let document = Document {
        version: VERSION,
        workloads: workloads.iter().map(|workload| workload.name.as_str()).collect(),
        applied,
        bucket: survey.bucket.as_ref().zip(store).map(|((bucket, _), store)| BucketDocument {
            name: store.bucket.as_str(),
            store: &store.label,
            state: state_word(bucket.state),
            creates: bucket.creates(),
            marks: bucket.marks().is_some(),
            lifecycle_rules: rules_word(&bucket.rules),
        }),
        objects: survey.bucket.as_ref().map(|(_, objects)| Things {
            keep: objects.keep,
            make: objects.to_upload(),
            replace: objects.replace,
            make_folders: None,
            wrong_bytes: objects.wrong_bytes.iter().map(ObjectKey::as_str).collect(),
        }),
        files: survey.files.as_ref().map(|files| Things {
            keep: files.keep,
            make: files.to_make(),
            replace: files.replace,
            make_folders: Some(files.folders.len()),
            wrong_bytes: files.wrong_bytes.iter().map(ObjectKey::as_str).collect(),
        }),
    };
    serde_json::to_string_pretty(&document).expect("a plan can be written as JSON")
}

/// The plan as a table.
pub(super) fn table(plan: Plan<'_>) -> String {
    let Plan { store, survey, .. } = plan;
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["WHAT", "ACTION", "COUNT", "BYTES"]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for column in [2, 3] {
        table.column_mut(column).expect("four columns").set_cell_alignment(CellAlignment::Right);
    }
    let mut row = |what: &str, action: &str, tally: Tally| {
        if tally.count > 0 {
            table.add_row([what, action, &tally.count.to_string(), &ByteSize(tally.bytes).to_string()]);
        }
    };
    if let Some((_, objects)) = &survey.bucket {
        let embedded = store.is_some_and(|store| store.embedded.is_some());
        let (upload, replace) = if embedded { ("declare", "declare again") } else { ("upload", "upload again") };
        row("objects", "keep", objects.keep);
        row("objects", upload, minus(objects.to_upload(), objects.replace));
        row("objects", replace, objects.replace);
    }
    if let Some(files) = &survey.files {
        row("files", "keep", files.keep);
        row("files", "make", minus(files.to_make(), files.replace));
        row("files", "make again", files.replace);
        if !files.folders.is_empty() {
            table.add_row(["folders", "make", &files.folders.len().to_string(), ""]);
        }
    }
    let mut lines = bucket_lines(store, survey);
    if table.is_empty() {
        lines.push("nothing to keep or make".to_owned());
    } else {
        lines.extend(table.lines().map(|line| line.trim_end().to_owned()));
    }
    lines.join("\n")
}

fn bucket_lines(store: Option<&BucketClient>, survey: &Survey) -> Vec<String> {
    let Some(((bucket, _), store)) = survey.bucket.as_ref().zip(store) else { return Vec::new() };
    let action = match bucket.state {
        BucketState::Missing => "make it",
        BucketState::Ours(_) => "is ours",
        BucketState::Empty => "is empty: take it",
        BucketState::Foreign => "adopt it",
    };
    let rules = match &bucket.rules {
        RulesPlan::Right => "are right".to_owned(),
        RulesPlan::Write(rules) if rules.others() > 0 => format!("write 2, keep {} of others", rules.others()),
        RulesPlan::Write(_) => "write 2".to_owned(),
        RulesPlan::Unsupported(_) => "not supported".to_owned(),
    };
    vec![format!("bucket {} at {}: {action}; lifecycle rules: {rules}", store.bucket, store.label)]
}

fn state_word(state: BucketState) -> &'static str {
    match state {
        BucketState::Missing => "missing",
        BucketState::Ours(_) => "ours",
        BucketState::Empty => "empty",
        BucketState::Foreign => "foreign",
    }
}

fn rules_word(rules: &RulesPlan) -> &'static str {
    match rules {
        RulesPlan::Right => "right",
        RulesPlan::Write(_) => "write",
        RulesPlan::Unsupported(_) => "unsupported",
    }
}

fn minus(all: Tally, some: Tally) -> Tally {
    Tally { count: all.count - some.count, bytes: all.bytes - some.bytes }
}
