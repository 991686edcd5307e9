//! Counts and sizes as sources write them.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU64;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

/// A count of at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub NonZeroU64);

/// The text of a size. It is checked once no expression is left in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SizeText(pub String);

/// The size of a task's object: a text like that of `fileSize`, or a number of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskSize {
    /// `5GiB`, or a text with an expression.
    Text(String),
    /// A number of bytes.
    Bytes(u64),
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let count = NonZeroU64::new(u64::deserialize(deserializer)?);
        count.map(Self).ok_or_else(|| de::Error::custom("at least 1 is needed"))
    }
}

impl JsonSchema for Count {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Count".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": u64::MAX })
    }
}

impl JsonSchema for SizeText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SizeText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["64KiB", "8MiB", "5GiB"] })
    }
}

impl<'de> Deserialize<'de> for TaskSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TaskSizeVisitor)
    }
}

struct TaskSizeVisitor;

impl Visitor<'_> for TaskSizeVisitor {
    type Value = TaskSize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size like 5GiB or a number of bytes")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<TaskSize, E> {
        Ok(TaskSize::Text(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<TaskSize, E> {
        Ok(TaskSize::Bytes(bytes))
    }
}

impl JsonSchema for TaskSize {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TaskSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "examples": ["5GiB"] },
            { "type": "integer", "minimum": 0, "maximum": u64::MAX }
        ] })
    }
}
