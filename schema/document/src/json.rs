//! Strict JSON (RFC 8259) with positions.

use std::collections::HashMap;
use std::sync::Arc;

use jsonc_parser::ast::{self, ObjectPropName};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};

use crate::duplicate_field::duplicate_field;
use crate::limits::MOST_PROBLEMS;
use crate::{Diagnostic, DiagnosticId, Entry, Limits, Node, SourceFile, Span, Value, id};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads one JSON value. A duplicate key is reported, and its first value is kept.
pub fn parse(file: &Arc<SourceFile>, limits: Limits) -> (Option<Node>, Vec<Diagnostic>) {
    let mut reader = Reader { file, limits, nodes: 0, is_too_large: false, diagnostics: Vec::new() };
    let node = reader.read();
    (node, reader.diagnostics)
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    limits: Limits,
    nodes: usize,
    /// Whether this limit was reported. Every further value would exceed it again.
    is_too_large: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<Node> {
        match jsonc_parser::parse_to_ast(self.file.text(), &CollectOptions::default(), &STRICT) {
            Err(error) => {
                let range = error.range();
                let message = format!("not JSON: {}", lowercase_first(&error.kind().to_string()));
                self.report(id::SYNTAX, message, Span::new(range.start, range.end), "");
                None
            }
            Ok(result) => {
                let Some(value) = result.value else {
                    self.report(id::SYNTAX, "not JSON: the file is empty", Span::default(), "");
                    return None;
                };
                self.value(value, 0)
            }
        }
    }

    fn value(&mut self, value: ast::Value<'_>, depth: usize) -> Option<Node> {
        let span = Span::new(value.range().start, value.range().end);
        self.nodes += 1;
        if depth > self.limits.depth || self.nodes > self.limits.nodes {
            if !std::mem::replace(&mut self.is_too_large, true) {
                let message = format!("more than {} levels or {} values", self.limits.depth, self.limits.nodes);
                self.report(id::TOO_LARGE, message, Span::new(span.start, span.start + 1), "");
            }
            return None;
        }
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
            ast::Value::NumberLit(literal) => number(literal.value),
            ast::Value::StringLit(literal) => {
                self.check_control_characters(span);
                Value::Text(literal.value.into_owned())
            }
            ast::Value::Array(array) => {
                let items = array.elements.into_iter();
                Value::Sequence(items.filter_map(|item| self.value(item, depth + 1)).collect())
            }
            ast::Value::Object(object) => Value::Mapping(self.entries(object, depth)),
        };
        Some(Node { span, value })
    }

    fn entries(&mut self, object: ast::Object<'_>, depth: usize) -> Vec<Entry> {
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in object.properties {
            let range = match &property.name {
                ObjectPropName::String(name) => name.range,
                ObjectPropName::Word(name) => name.range,
            };
            let key_span = Span::new(range.start, range.end);
            self.check_control_characters(key_span);
            let key = property.name.into_string();
            if let Some(first) = seen.get(&key) {
                let duplicate = duplicate_field(self.file, &key, *first, key_span);
                if self.diagnostics.len() < MOST_PROBLEMS {
                    self.diagnostics.push(duplicate);
                }
                continue;
            }
            seen.insert(key.clone(), key_span);
            if let Some(value) = self.value(property.value, depth + 1) {
                entries.push(Entry { key, key_span, value });
            }
        }
        entries
    }

    /// RFC 8259 requires control characters in strings to be escaped, but the parser accepts them.
    fn check_control_characters(&mut self, span: Span) {
        let text = self.file.slice(span);
        if let Some(at) = text.bytes().position(|byte| byte < b' ') {
            let at = span.start + at;
            let message = "not JSON: a control character in a string must be escaped";
            self.report(id::SYNTAX, message, Span::new(at, at), "");
        }
    }

    fn report(&mut self, id: DiagnosticId, message: impl Into<String>, span: Span, label: &str) {
        if self.diagnostics.len() < MOST_PROBLEMS {
            self.diagnostics.push(Diagnostic::error(id, message).at(self.file, span, label));
        }
    }
}

fn number(text: &str) -> Value {
    match text.parse::<i128>() {
        Ok(integer) => Value::Integer(integer),
        // An integer beyond 128 bits, a fraction or an exponent.
        Err(_) => text.parse().map_or(Value::Null, Value::Float),
    }
}

fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
        parse(&SourceFile::new("f.json", text), Limits::default())
    }

    #[test]
    fn values_and_escapes_are_read() {
        let (node, problems) = read(r#"{"a": [1, -2.5, "\ud83d\ude00\u007f/", true, null]}"#);
        assert!(problems.is_empty(), "{problems:?}");
        let node = node.unwrap();
        let items = node.get("a").unwrap().items();
        assert_eq!(items[0].value, Value::Integer(1));
        assert_eq!(items[1].value, Value::Float(-2.5));
        assert_eq!(items[2].value, Value::Text("😀\u{7f}/".to_owned()));
        assert_eq!(node.entry("a").unwrap().key_span, Span::new(1, 4));
    }

    #[test]
    fn what_json_does_not_have_is_refused() {
        for text in [
            "",
            "{a: 1}",
            "{'a': 1}",
            "{\"a\": 1,}",
            "[1 2]",
            "[0x1]",
            "[+1]",
            "[.5]",
            "[NaN]",
            "// c\n1",
            "1 2",
            "\"\\ud83d\"",
            "\"a\nb\"",
            "[01]",
        ] {
            let (_, problems) = read(text);
            assert_eq!(problems.first().map(|problem| problem.id), Some(id::SYNTAX), "{text}");
        }
    }

    #[test]
    fn depth_and_duplicates_are_reported() {
        let deep = "[".repeat(400) + &"]".repeat(400);
        assert_eq!(read(&deep).1[0].id, id::TOO_LARGE);
        let deeper = "[".repeat(100_000);
        assert_eq!(read(&deeper).1[0].id, id::SYNTAX);
        assert_eq!(read(r#"{"a": 1, "a": 2}"#).1[0].id, id::DUPLICATE_FIELD);
    }
}
