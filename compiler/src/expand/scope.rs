//! The names that expressions can use: matrix values, then variables.

use std::collections::BTreeMap;

use checked_document::{Node, Value as NodeValue};
use minijinja::value::{Value, ValueKind};

use crate::limits::{MAX_TEXT, MAX_VALUE_NODES};

/// Names with their values, in the order in which they were defined.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    names: Vec<(String, Value)>,
    value: Value,
    longest_text: usize,
}

/// Why a value cannot be used in expressions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It has a text of more than [`MAX_TEXT`] bytes.
    #[error("a value for expressions has at most {MAX_TEXT} bytes of text")]
    TextTooLong,
    /// It has more than [`MAX_VALUE_NODES`] values inside.
    #[error("a value for expressions has at most {MAX_VALUE_NODES} values inside")]
    TooMany,
    /// It has no form in YAML, like bytes and functions.
    #[error("an expression must result in a text, a number, true, false, null, a list or a map, not {0}")]
    NoYaml(String),
}

impl Scope {
    /// A scope with these names.
    pub fn of(names: Vec<(String, Value)>) -> Self {
        let longest_text = names.iter().map(|(_, value)| longest_text(value, 0)).max().unwrap_or(0);
        let value = Value::from(names.iter().cloned().collect::<BTreeMap<_, _>>());
        Self { names, value, longest_text }
    }

    /// Adds a name.
    pub fn push(&mut self, name: &str, value: Value) {
        let mut names = std::mem::take(&mut self.names);
        names.push((name.to_owned(), value));
        *self = Self::of(names);
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }

    /// All names with their values, as the context of minijinja.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Length in bytes of the longest text among the values.
    pub fn longest_text(&self) -> usize {
        self.longest_text
    }
}

fn longest_text(value: &Value, depth: usize) -> usize {
    match value.kind() {
        ValueKind::String => value.as_str().map_or(0, str::len),
        ValueKind::Seq | ValueKind::Map if depth < 64 => {
            let keys: usize =
                value.try_iter().map_or(0, |items| items.map(|item| longest_text(&item, depth + 1)).max().unwrap_or(0));
            let values = match value.kind() {
                ValueKind::Map => value.try_iter().map_or(0, |names| {
                    names
                        .filter_map(|name| value.get_item(&name).ok())
                        .map(|item| longest_text(&item, depth + 1))
                        .max()
                        .unwrap_or(0)
                }),
                _ => 0,
            };
            keys.max(values)
        }
        _ => 0,
    }
}

/// The value of a tree in expressions.
pub fn to_value(node: &Node) -> Result<Value, ValueError> {
    if node.count() > MAX_VALUE_NODES {
        return Err(ValueError::TooMany);
    }
    Ok(match &node.value {
        NodeValue::Null => Value::from(()),
        NodeValue::Bool(value) => Value::from(*value),
        NodeValue::Integer(value) => Value::from(*value),
        NodeValue::Float(value) => Value::from(*value),
        NodeValue::Text(text) if text.len() > MAX_TEXT => return Err(ValueError::TextTooLong),
        NodeValue::Text(text) => Value::from(text.as_str()),
        NodeValue::Sequence(items) => Value::from(items.iter().map(to_value).collect::<Result<Vec<_>, _>>()?),
        NodeValue::Mapping(entries) => Value::from(
            entries
                .iter()
                .map(|entry| Ok((entry.key.clone(), to_value(&entry.value)?)))
                .collect::<Result<BTreeMap<_, _>, ValueError>>()?,
        ),
    })
}

/// The tree of an expression's result. Every value in it has the span `span`.
pub fn to_node(value: &Value, span: checked_document::Span, left: &mut usize) -> Result<Node, ValueError> {
    *left = left.checked_sub(1).ok_or(ValueError::TooMany)?;
    let value = match value.kind() {
        ValueKind::None => NodeValue::Null,
        ValueKind::Bool => NodeValue::Bool(value.is_true()),
        ValueKind::Number => number(value),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            if text.len() > MAX_TEXT {
                return Err(ValueError::TextTooLong);
            }
            NodeValue::Text(text.to_owned())
        }
        ValueKind::Seq | ValueKind::Iterable => NodeValue::Sequence(items(value, span, left)?),
        ValueKind::Map => NodeValue::Mapping(entries(value, span, left)?),
        kind => return Err(ValueError::NoYaml(kind.to_string())),
    };
    Ok(Node { span, value })
}

fn number(value: &Value) -> NodeValue {
    if value.is_integer()
        && let Ok(integer) = i128::try_from(value.clone())
    {
        return NodeValue::Integer(integer);
    }
    f64::try_from(value.clone()).map_or(NodeValue::Null, NodeValue::Float)
}

fn items(value: &Value, span: checked_document::Span, left: &mut usize) -> Result<Vec<Node>, ValueError> {
    let iterator = value.try_iter().map_err(|error| ValueError::NoYaml(error.to_string()))?;
    // One more than what is left is enough to detect that there are too many.
    let most = *left + 1;
    iterator.take(most).map(|item| to_node(&item, span, left)).collect()
}

fn entries(
    value: &Value,
    span: checked_document::Span,
    left: &mut usize,
) -> Result<Vec<checked_document::Entry>, ValueError> {
    let keys = value.try_iter().map_err(|error| ValueError::NoYaml(error.to_string()))?;
    let most = *left + 1;
    keys.take(most)
        .map(|key| {
            let item = value.get_item(&key).map_err(|error| ValueError::NoYaml(error.to_string()))?;
            Ok(checked_document::Entry { key: key.to_string(), key_span: span, value: to_node(&item, span, left)? })
        })
        .collect()
}
