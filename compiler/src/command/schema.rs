//! `wlc schema`: the JSON Schemas, which are generated from the types.

use schemars::{JsonSchema, schema_for};
use serde_json::Value;
use workload_schema::PrepPlan;
use workload_schema::format::run_file::RunFile;
use workload_schema::source::Source;

use super::ending::Ending;
use super::report::Terminal;
use crate::cli::{SchemaArguments, SchemaName};

/// Prints a schema.
pub fn run(arguments: &SchemaArguments, terminal: &mut Terminal) -> Ending {
    terminal.data(&text(arguments.name));
    Ending::Done
}

/// The text of a schema, indented and with a final newline.
pub fn text(format: SchemaName) -> String {
    match format {
        SchemaName::Source => schema_text::<Source>(),
        SchemaName::Run => schema_text::<RunFile>(),
        SchemaName::Prep => schema_text::<PrepPlan>(),
    }
}

fn schema_text<T: JsonSchema>() -> String {
    format!("{:#}\n", sorted(schema_for!(T).to_value()))
}

/// `value` with sorted keys. Whether `serde_json` sorts them depends on features that other crates in a build enable.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by(|left, right| left.0.cmp(&right.0));
            fields.into_iter().map(|(name, field)| (name, sorted(field))).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
