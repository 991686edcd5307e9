//! The source language of `wlc`: what people write to describe workloads.
//!
//! These types are the one statement of the language: the compiler reads sources with them, the JSON Schema
//! for editors and the language reference in `docs/` are generated from them. Any scalar may hold
//! `{{ expressions }}`; [`Templated`] is a field that may be one.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{BoolDeserializer, StrDeserializer, U64Deserializer};
use serde::de::{self, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{Action, Checksum};

/// Default of `numFiles`.
pub const DEFAULT_NUM_FILES: NonZeroU64 = NonZeroU64::MIN;
/// Default of `filesOnDisk`.
pub const DEFAULT_FILES_ON_DISK: bool = true;
/// Default of `maxRepeatCount`.
pub const DEFAULT_MAX_REPEAT_COUNT: NonZeroU64 = NonZeroU64::new(10).unwrap();
/// Default of `maxRepeatSecs`.
pub const DEFAULT_MAX_REPEAT_SECS: NonZeroU64 = NonZeroU64::new(600).unwrap();

/// One YAML document of a source file, or a whole JSON source. It describes one workload, or with a `matrix` one
/// workload a combination.
///
/// A workload is either derived (`action`, `fileSize` and `numFiles` say what its tasks are, and how they and the
/// workload are named) or explicit (`name` and `tasks`).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Source {
    /// What the workload stands for, for people: best the use case behind it. Default: empty.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    pub comment: Option<String>,
    /// Name of the workload instead of the derived one, which is `{action}-{fileSize}-{numFiles}x`, then
    /// `-{checksum}` if there is one, then `-ram` unless on disk. Required with `tasks`.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "String")]
    pub name: Option<String>,
    /// Whether the files are uploaded or downloaded. Required, unless there are `tasks`.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Action>")]
    pub action: Option<Templated<Action>>,
    /// Size of each file: a whole number directly followed by `bytes`, `byte`, `KiB`, `MiB`, `GiB` or `TiB`.
    /// Required, unless there are `tasks`. The spelling becomes part of names and keys.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "SizeText")]
    pub file_size: Option<SizeText>,
    /// How many files one repeat moves. Default: 1.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub num_files: Option<Templated<Count>>,
    /// Whether uploads are read from files and downloads are written to files. If false, data never touches the
    /// disk. Default: true.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<bool>")]
    pub files_on_disk: Option<Templated<bool>>,
    /// Checksum that uploads carry and downloads validate; null for none. `CRC64NVME` makes a version 3 workload,
    /// which older runners skip. Default: null.
    pub checksum: Option<Templated<Checksum>>,
    /// Most repeats of the whole workload. Default: 10.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub max_repeat_count: Option<Templated<Count>>,
    /// Seconds after which no further repeat is started. Default: 600.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub max_repeat_secs: Option<Templated<Count>>,
    /// Named values for expressions, evaluated in order: each may use the matrix values and the variables above it.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Variables")]
    pub vars: Option<Variables>,
    /// One workload for each combination of values.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Matrix")]
    pub matrix: Option<Matrix>,
    /// The tasks one by one, for workloads that `fileSize` and `numFiles` cannot say. Excludes `action`, `fileSize`
    /// and `numFiles`; needs `name`.
    #[serde(deserialize_with = "some_tasks")]
    #[schemars(with = "Vec<TaskSource>", length(min = 1))]
    pub tasks: Option<Vec<TaskSource>>,
}

/// One explicit task, or several alike.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskSource {
    /// What to do with the object.
    pub action: Templated<Action>,
    /// Key of the object: a relative path without `.` and `..`, at most 1,024 bytes. Keys to upload start with
    /// `upload/`, keys to download do not.
    pub key: String,
    /// Size of the object: like `fileSize`, or a number of bytes.
    pub size: TaskSize,
    /// How many times the task stands in the workload. Default: 1.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Templated<Count>")]
    pub repeat: Option<Templated<Count>>,
}

/// A field that is either its value or a text with `{{ expressions }}` that comes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Templated<T> {
    /// The value.
    Value(T),
    /// A text that still holds an expression.
    Template(String),
}

impl<T> Templated<T> {
    /// The value, unless it is still a template.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Template(_) => None,
        }
    }
}

/// A number of things, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub NonZeroU64);

/// The text of a size. Checked beyond its shape only when no expression is left in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SizeText(pub String);

/// A task's size: in words like `fileSize`, or in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskSize {
    /// `5GiB`, or a text with an expression.
    Text(String),
    /// A number of bytes.
    Bytes(u64),
}

/// Variables by name. Their values are any YAML.
#[derive(Debug, Clone)]
pub struct Variables;

/// The axes of a matrix by name, each a list of values, beside `include` (whole further combinations) and `exclude`
/// (partial combinations that are left out). Values are scalars or maps, used as `{{ axis }}` or `{{ axis.field }}`.
#[derive(Debug, Clone)]
pub struct Matrix;

/// Whether a text holds an expression.
pub fn is_template(text: &str) -> bool {
    text.contains("{{")
}

/// A field that may be left out, but whose value, if written, is not null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Tasks, of which there is at least one.
fn some_tasks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<TaskSource>>, D::Error> {
    match Vec::deserialize(deserializer)? {
        tasks if tasks.is_empty() => Err(de::Error::custom("at least one task is needed")),
        tasks => Ok(Some(tasks)),
    }
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

/// Reads any map and keeps nothing: the compiler takes the values from the tree, with their positions.
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
