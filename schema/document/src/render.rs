//! Diagnostics as text with excerpts for people and as JSON for tools.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::{Diagnostic, Label, Severity};

/// Length in bytes of the longest text that is shown as an excerpt. The time to lay it out grows with its length, and
/// nobody reads a line of a megabyte. For longer texts only the position is shown.
const LONGEST_EXCERPT: usize = 64 << 10;

/// All diagnostics as text with excerpts, separated by blank lines.
pub fn human(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(diagnostic)]));
        text.push_str("\n\n");
    }
    text
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.id.as_str());
    let mut group = Group::with_title(title);
    let mut labels: &[Label] = &diagnostic.labels;
    let mut kind = AnnotationKind::Primary;
    while let Some(first) = labels.first() {
        let here = labels.iter().take_while(|label| label.file.path() == first.file.path()).count();
        let window = Window::around(&labels[..here]);
        if window.text.len() > LONGEST_EXCERPT {
            for label in &labels[..here] {
                let (line, column) = label.file.position(range(label).start);
                group = group.element(Origin::path(label.file.path()).line(line).char_column(column));
            }
            kind = AnnotationKind::Context;
            labels = &labels[here..];
            continue;
        }
        let mut snippet = Snippet::source(window.text).path(first.file.path()).line_start(window.line).fold(true);
        for label in &labels[..here] {
            let text = (!label.text.is_empty()).then_some(label.text.as_str());
            let range = range(label);
            snippet = snippet.annotation(kind.span(range.start - window.start..range.end - window.start).label(text));
            kind = AnnotationKind::Context;
        }
        group = group.element(snippet);
        labels = &labels[here..];
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.with_name("hint").message(help.as_str()));
    }
    group
}

/// The lines that an excerpt shows. Only these few lines of a large file are scanned.
struct Window<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Window<'a> {
    fn around(labels: &'a [Label]) -> Self {
        let file = &labels[0].file;
        let ranges = labels.iter().map(range);
        let (first, last) =
            ranges.fold((usize::MAX, 0), |(first, last), range| (first.min(range.start), last.max(range.end)));
        let text = file.text();
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
        Self { text: &text[start..end], start, line: file.position(start).0 }
    }
}

/// The range of the label, limited to the text and to character boundaries.
fn range(label: &Label) -> std::ops::Range<usize> {
    let text = label.file.text();
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = floor(label.span.start);
    start..floor(label.span.end).max(start)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonDiagnostic<'a> {
    id: &'a str,
    severity: &'a str,
    message: &'a str,
    labels: Vec<JsonLabel<'a>>,
    notes: &'a [String],
    help: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonLabel<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

/// All diagnostics as a JSON array. Lines and columns count from 1; columns are in characters.
pub fn json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    let all: Vec<_> = diagnostics.iter().map(json_diagnostic).collect();
    serde_json::to_value(all).expect("plain strings and numbers are always JSON")
}

fn json_diagnostic(diagnostic: &Diagnostic) -> JsonDiagnostic<'_> {
    JsonDiagnostic {
        id: diagnostic.id.as_str(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().map(json_label).collect(),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    }
}

fn json_label(label: &Label) -> JsonLabel<'_> {
    let (line, column) = label.file.position(label.span.start);
    let (end_line, end_column) = label.file.position(label.span.end);
    JsonLabel { file: label.file.path(), line, column, end_line, end_column, text: &label.text }
}
