//! What is removed, for people and for scripts.

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use workload_schema::ByteSize;

use super::bucket::Undone;
use super::survey::{CleanSurvey, Removed};
use crate::prep::{BucketClient, Tally};

/// Format version of the JSON form.
const VERSION: u32 = 1;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    version: u32,
    applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<Tally>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unfinished_uploads: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Tally>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folders: Option<u64>,
    bucket_removed: bool,
}

/// What is removed, as one JSON document; `removed` is `None` in a dry run.
pub(super) fn json(survey: &CleanSurvey, removed: Option<Removed>) -> String {
    let document = Document {
        version: VERSION,
        applied: removed.is_some(),
        objects: survey.bucket.as_ref().map(|(_, objects)| objects.tally()),
        unfinished_uploads: survey.bucket.as_ref().map(|(_, objects)| objects.unfinished()),
        files: survey.files.as_ref().map(super::files::NamedFiles::tally),
        folders: removed.filter(|_| survey.files.is_some()).map(|removed| removed.folders),
        bucket_removed: removed.is_some_and(|removed| removed.bucket == Some(Undone::Removed)),
    };
    serde_json::to_string_pretty(&document).expect("a document can be written as JSON")
}

/// What is removed, as a table.
pub(super) fn table(store: Option<&BucketClient>, survey: &CleanSurvey) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["WHAT", "ACTION", "COUNT", "BYTES"]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for column in [2, 3] {
        table.column_mut(column).expect("four columns").set_cell_alignment(CellAlignment::Right);
    }
    let mut row = |what: &str, count: u64, bytes: String| {
        if count > 0 {
            table.add_row([what, "remove", &count.to_string(), &bytes]);
        }
    };
    let bytes = |tally: Tally| ByteSize(tally.bytes).to_string();
    if let Some((_, objects)) = &survey.bucket {
        row("objects", objects.tally().count, bytes(objects.tally()));
        row("unfinished uploads", objects.unfinished() as u64, String::new());
    }
    if let Some(files) = &survey.files {
        row("files", files.tally().count, bytes(files.tally()));
    }
    let mut lines: Vec<String> = Vec::new();
    if let Some(store) = store.filter(|_| survey.bucket.is_some()) {
        lines.push(format!("bucket {} at {}", store.bucket, store.label));
    }
    if table.is_empty() {
        lines.push("nothing to remove".to_owned());
    } else {
        lines.extend(table.lines().map(|line| line.trim_end().to_owned()));
    }
    lines.join("\n")
}
