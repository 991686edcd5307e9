//! Fields that may hold an expression.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{BoolDeserializer, StrDeserializer, U64Deserializer};
use serde::de::{self, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer};

/// A field that is either a value or a text whose `{{ expressions }}` evaluate to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Templated<T> {
    /// The value.
    Value(T),
    /// A text that still holds an expression.
    Template(String),
}

impl<T> Templated<T> {
    /// The value, or none if it is still a template.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Template(_) => None,
        }
    }
}

/// Whether a text holds an expression.
pub fn is_template(text: &str) -> bool {
    text.contains("{{")
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Templated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TemplatedVisitor(PhantomData))
    }
}

struct TemplatedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TemplatedVisitor<T> {
    type Value = Templated<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or an expression in double braces")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if is_template(text) {
            return Ok(Templated::Template(text.to_owned()));
        }
        let deserializer: StrDeserializer<'_, E> = text.into_deserializer();
        T::deserialize(deserializer).map(Templated::Value)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let deserializer: U64Deserializer<E> = number.into_deserializer();
        T::deserialize(deserializer).map(Templated::Value)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        let deserializer: BoolDeserializer<E> = value.into_deserializer();
        T::deserialize(deserializer).map(Templated::Value)
    }
}

impl<T: JsonSchema> JsonSchema for Templated<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Templated{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [value, template()] })
    }
}

/// The schema of a text with an expression.
fn template() -> Schema {
    json_schema!({
        "type": "string",
        "description": "An expression in double braces.",
        "pattern": r"\{\{"
    })
}
