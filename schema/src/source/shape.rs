//! Fields whose shape alone is checked: the compiler takes their values from the tree, with their positions.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Variables by name. A value may be any YAML.
#[derive(Debug, Clone)]
pub struct Variables;

/// The axes of a matrix by name, each a list of values, beside `include` (complete further combinations) and `exclude`
/// (partial combinations that are left out). Values are scalars or maps, used as `{{ axis }}` or `{{ axis.field }}`.
#[derive(Debug, Clone)]
pub struct Matrix;

/// Reads any map and keeps nothing.
impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ShapeVisitor).map(|()| Self)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

impl JsonSchema for Variables {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Variables".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

impl<'de> Deserialize<'de> for Matrix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MatrixVisitor)
    }
}

struct MatrixVisitor;

impl<'de> Visitor<'de> for MatrixVisitor {
    type Value = Matrix;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of axes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Matrix, A::Error> {
        let mut fields = 0;
        while let Some(name) = map.next_key::<String>()? {
            fields += 1;
            if matches!(name.as_str(), "include" | "exclude") {
                map.next_value::<Vec<Variables>>()?;
            } else {
                map.next_value::<NonEmpty>()?;
            }
        }
        if fields == 0 {
            return Err(de::Error::custom("a matrix needs at least one axis"));
        }
        Ok(Matrix)
    }
}

/// A list with at least one value of any kind.
struct NonEmpty;

impl<'de> Deserialize<'de> for NonEmpty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NonEmptyVisitor)
    }
}

struct NonEmptyVisitor;

impl<'de> Visitor<'de> for NonEmptyVisitor {
    type Value = NonEmpty;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<NonEmpty, A::Error> {
        let mut count = 0;
        while items.next_element::<de::IgnoredAny>()?.is_some() {
            count += 1;
        }
        if count == 0 {
            return Err(de::Error::custom("an axis needs at least one value"));
        }
        Ok(NonEmpty)
    }
}

impl JsonSchema for Matrix {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Matrix".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let combinations = |description: &str| {
            serde_json::json!({
                "type": "array",
                "items": { "type": "object" },
                "description": description
            })
        };
        json_schema!({
            "type": "object",
            "properties": {
                "include": combinations("Whole combinations beside those of the axes: each names every axis."),
                "exclude": combinations("Partial combinations: what matches all of one's values is left out.")
            },
            "additionalProperties": { "type": "array", "minItems": 1 },
            "minProperties": 1
        })
    }
}
