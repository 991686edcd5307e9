//! YAML 1.2 (core schema) with positions: several documents, anchors with bounded expansion, unique keys.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::duplicate_field::duplicate_field;
use crate::limits::MOST_PROBLEMS;
use crate::yaml_scalar::plain;
use crate::{Diagnostic, Entry, Limits, Node, SourceFile, Span, Value, id};

/// Reads all documents of the text. Whatever could be read is returned along with the problems.
pub fn parse(file: &Arc<SourceFile>, limits: Limits) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut reader = Reader {
        file,
        limits,
        offsets: Offsets::of(file.text()),
        nodes: 0,
        stack: Vec::new(),
        anchors: HashMap::new(),
        documents: Vec::new(),
        diagnostics: Vec::new(),
    };
    reader.read();
    (reader.documents, reader.diagnostics)
}

/// Translates the parser's positions, which count characters, to bytes.
enum Offsets {
    Ascii,
    Table(Vec<usize>),
}

impl Offsets {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            Self::Ascii
        } else {
            let ends = std::iter::once(text.len());
            Self::Table(text.char_indices().map(|(at, _)| at).chain(ends).collect())
        }
    }

    fn byte(&self, character: usize, len: usize) -> usize {
        match self {
            Self::Ascii => character.min(len),
            Self::Table(table) => table.get(character).copied().unwrap_or(len),
        }
    }
}

enum Collection {
    Sequence(Vec<Node>),
    Mapping(Entries),
}

/// What comes next in a map.
#[derive(Default)]
enum Next {
    #[default]
    Key,
    /// The value of this key.
    ValueOf(String, Span),
    /// The value of something that cannot be a key, which is dropped.
    Dropped,
}

#[derive(Default)]
struct Entries {
    complete: Vec<Entry>,
    next: Next,
    seen: HashMap<String, Span>,
}

struct Frame {
    start: usize,
    anchor: usize,
    collection: Collection,
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    limits: Limits,
    offsets: Offsets,
    nodes: usize,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    documents: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// Reading cannot go on. The diagnostic is recorded.
struct Stop;

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let file: &'a SourceFile = self.file;
        let mut parser = Parser::new_from_str(file.text());
        while let Some(event) = parser.next_event() {
            let result = match event {
                Ok((event, span)) => self.event(event, self.span(span)),
                Err(error) => Err(self.syntax(&error)),
            };
            if result.is_err() || self.diagnostics.len() >= MOST_PROBLEMS {
                return;
            }
        }
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let text = self.file.text();
        let start = self.offsets.byte(span.start.index(), text.len());
        let end = self.offsets.byte(span.end.index(), text.len()).max(start);
        let trimmed = text.get(start..end).unwrap_or("").trim_end().len();
        Span::new(start, start + trimmed)
    }

    /// The span of a quoted scalar up to its closing quote. The parser's span extends to the next token.
    fn quoted(&self, span: Span) -> Span {
        let bytes = self.file.slice(span).as_bytes();
        let Some(quote) = bytes.first() else { return span };
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            if *byte == b'\\' && *quote == b'"'
                || (byte == quote && *quote == b'\'' && bytes.get(at + 1) == Some(quote))
            {
                at += 1;
            } else if byte == quote {
                return Span::new(span.start, span.start + at + 1);
            }
            at += 1;
        }
        span
    }

    fn syntax(&mut self, error: &ScanError) -> Stop {
        let at = self.offsets.byte(error.marker().index(), self.file.text().len());
        let message = format!("not YAML: {}", error.info());
        self.diagnostics.push(Diagnostic::error(id::SYNTAX, message).at(self.file, Span::new(at, at), ""));
        Stop
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(tag) = tag {
                    self.unsupported(format!("a tag (`{tag}`) has no meaning here"), span);
                }
                let (span, value) = match style {
                    ScalarStyle::Plain => (span, plain(&text)),
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        (self.quoted(span), Value::Text(text.into_owned()))
                    }
                    ScalarStyle::Literal | ScalarStyle::Folded => (span, Value::Text(text.into_owned())),
                };
                self.complete(Node { span, value }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(Collection::Sequence(Vec::new()), anchor, tag.is_some(), span)
            }
            Event::MappingStart(anchor, tag) => {
                self.start(Collection::Mapping(Entries::default()), anchor, tag.is_some(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn start(&mut self, collection: Collection, anchor: usize, tagged: bool, span: Span) -> Result<(), Stop> {
        if tagged {
            self.unsupported("a tag has no meaning here".to_owned(), span);
        }
        if self.stack.len() >= self.limits.depth {
            return self.too_large(format!("lists and maps nest deeper than {} levels", self.limits.depth), span);
        }
        self.stack.push(Frame { start: span.start, anchor, collection });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let frame = self.stack.pop().expect("the parser balances starts and ends");
        let text = self.file.text().get(frame.start..span.end).unwrap_or("");
        let span = Span::new(frame.start, frame.start + text.trim_end().len());
        let value = match frame.collection {
            Collection::Sequence(items) => Value::Sequence(items),
            Collection::Mapping(entries) => Value::Mapping(entries.complete),
        };
        self.complete(Node { span, value }, frame.anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some(node) = self.anchors.get(&anchor) else {
            self.unsupported("this alias leads to itself".to_owned(), span);
            return self.complete(Node { span, value: Value::Null }, 0);
        };
        let count = node.count();
        if self.nodes + count > self.limits.nodes {
            return self.too_large(format!("aliases expand to more than {} values", self.limits.nodes), span);
        }
        // The author used the value at the alias, so problems with it are shown there.
        let node = Node { span, value: node.value.clone() };
        self.nodes += count;
        self.place(node);
        Ok(())
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return self.too_large(format!("more than {} values", self.limits.nodes), node.span);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
            self.nodes += node.count();
        }
        self.place(node);
        Ok(())
    }

    fn place(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            self.documents.push(node);
            return;
        };
        match &mut frame.collection {
            Collection::Sequence(items) => items.push(node),
            Collection::Mapping(entries) => match std::mem::take(&mut entries.next) {
                Next::Key => {
                    let (key, problem) = key_of(self.file, node);
                    entries.next = key.map_or(Next::Dropped, |(key, span)| Next::ValueOf(key, span));
                    self.diagnostics.extend(problem);
                }
                Next::Dropped => {}
                Next::ValueOf(key, key_span) => {
                    if let Some(first) = entries.seen.get(&key) {
                        self.diagnostics.push(duplicate_field(self.file, &key, *first, key_span));
                    } else {
                        entries.seen.insert(key.clone(), key_span);
                        entries.complete.push(Entry { key, key_span, value: node });
                    }
                }
            },
        }
    }

    fn unsupported(&mut self, message: String, span: Span) {
        self.diagnostics.push(Diagnostic::error(id::UNSUPPORTED_YAML, message).at(self.file, span, ""));
    }

    fn too_large(&mut self, message: String, span: Span) -> Result<(), Stop> {
        self.diagnostics.push(Diagnostic::error(id::TOO_LARGE, message).at(
            self.file,
            Span::new(span.start, span.start + 1),
            "",
        ));
        Err(Stop)
    }
}

/// A key as text. Numbers and other scalars are taken as they are written.
fn key_of(file: &Arc<SourceFile>, node: Node) -> (Option<(String, Span)>, Option<Diagnostic>) {
    let written = match node.value {
        Value::Text(text) => text,
        Value::Mapping(_) | Value::Sequence(_) => return (None, Some(key_is_no_text(file, node.span))),
        _ => file.slice(node.span).to_owned(),
    };
    (Some((written, node.span)), None)
}

fn key_is_no_text(file: &Arc<SourceFile>, span: Span) -> Diagnostic {
    let before = file.text().get(..span.start).unwrap_or("").trim_end_matches(' ');
    if before.ends_with('{') && file.slice(span).starts_with('{') {
        Diagnostic::error(id::UNQUOTED_TEMPLATE, "a value that starts with `{{` must be quoted")
            .at(file, span, "YAML reads this as a map")
            .help("write \"{{ ... }}\"; a scalar that is one expression keeps the expression's type")
    } else {
        Diagnostic::error(id::UNSUPPORTED_YAML, "a key must be text").at(file, span, "this is a list or a map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
        parse(&SourceFile::new("f.yaml", text), Limits::default())
    }

    fn ids(text: &str) -> Vec<crate::DiagnosticId> {
        read(text).1.iter().map(|problem| problem.id).collect()
    }

    #[test]
    fn spans_cover_keys_and_values() {
        let text = "ä: 'x y'  # c\nmap:\n  list: [1, two]\n---\nsecond: |\n  text\n";
        let file = SourceFile::new("f.yaml", text);
        let (documents, problems) = parse(&file, Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(documents.len(), 2);
        let entry = documents[0].entry("ä").unwrap();
        assert_eq!((file.slice(entry.key_span), file.slice(entry.value.span)), ("ä", "'x y'"));
        let list = documents[0].get("map").unwrap().get("list").unwrap();
        assert_eq!(file.slice(list.span), "[1, two]");
        assert_eq!(file.slice(list.items()[1].span), "two");
        assert_eq!(documents[1].get("second").unwrap().as_text(), Some("text\n"));
    }

    #[test]
    fn aliases_expand_within_the_limit() {
        let (documents, problems) = read("a: &a {x: 1}\nb: *a\n");
        assert!(problems.is_empty());
        assert_eq!(documents[0].get("b").unwrap().get("x").unwrap().value, Value::Integer(1));

        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let line = format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
            bomb.push_str(&line);
        }
        assert_eq!(ids(&bomb), [id::TOO_LARGE]);
        assert_eq!(ids("a: &a [*a]\n"), [id::UNSUPPORTED_YAML]);
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        assert_eq!(ids("a: 1\na: 2\n"), [id::DUPLICATE_FIELD]);
        assert_eq!(ids("numFiles: {{ count }}\n"), [id::UNQUOTED_TEMPLATE]);
        assert_eq!(ids("? [a]\n: b\n"), [id::UNSUPPORTED_YAML]);
        assert_eq!(ids("a: !!int 1\n"), [id::UNSUPPORTED_YAML]);
        assert_eq!(ids("a: [1\n"), [id::SYNTAX]);
        assert_eq!(ids(&"[".repeat(10_000)), [id::SYNTAX]);
        assert_eq!(ids(&format!("{}{}", "[".repeat(100), "]".repeat(100))), [id::TOO_LARGE]);
        assert_eq!(ids(&"- ".repeat(10_000)), [id::TOO_LARGE]);
    }
}
