//! A document as a tree in which every key and every value has its span.

use crate::Span;

/// A value and its span.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text of the value, quotes included.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// The data model of JSON, in which integers are distinct from other numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number written without fraction and exponent.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A map, in the order of the text; keys are unique.
    Mapping(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// One step from a node to a node inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a map.
    Key(String),
    /// Into a list.
    Index(usize),
}

impl Node {
    /// The entry `key` of a map.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of `key` in a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entries of a map; nothing for another value.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; nothing for another value.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node that `path` leads to.
    pub fn follow(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.items().get(*index),
        })
    }

    /// The span to point at: the first key of a map, whose whole text could be the whole document; else the value.
    pub fn head(&self) -> Span {
        match &self.value {
            Value::Mapping(entries) => entries.first().map_or(self.span, |entry| entry.key_span),
            _ => self.span,
        }
    }

    /// The number of values in the tree, this one included.
    pub fn count(&self) -> usize {
        let inside: usize = match &self.value {
            Value::Sequence(items) => items.iter().map(Self::count).sum(),
            Value::Mapping(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
            _ => 0,
        };
        1 + inside
    }

    /// The same value without positions.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Integer(value) => integer_to_json(*value),
            Value::Float(value) => serde_json::Number::from_f64(*value).map_or(Json::Null, Json::Number),
            Value::Text(text) => Json::String(text.clone()),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// The value in words on one line: `the text "007"`, `the number 1.5`, `a list`.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => format!("the integer {value}"),
            Value::Float(value) => format!("the number {value:?}"),
            Value::Text(text) if text.chars().count() > 40 => {
                format!("the text {:?}...", text.chars().take(40).collect::<String>())
            }
            Value::Text(text) => format!("the text {text:?}"),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a map".to_owned(),
        }
    }
}

fn integer_to_json(value: i128) -> serde_json::Value {
    if let Ok(value) = u64::try_from(value) {
        value.into()
    } else if let Ok(value) = i64::try_from(value) {
        value.into()
    } else {
        // JSON readers see a float beyond 64 bits too, and no field of ours accepts one that large.
        (value as f64).into()
    }
}

impl Entry {
    /// A copy of the key with null as its value.
    #[must_use]
    pub fn clone_key(&self) -> Self {
        Self {
            key: self.key.clone(),
            key_span: self.key_span,
            value: Node { span: self.value.span, value: Value::Null },
        }
    }
}
