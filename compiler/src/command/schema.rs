//! `wlc schema`: the JSON Schemas, generated from the types.

use schemars::{JsonSchema, schema_for};
use workload_schema::source::Source;
use workload_schema::{PrepPlan, Workload, exit_code};

use super::report::Terminal;
use crate::cli::{SchemaArguments, SchemaName};

/// Prints the schema; gives the exit code.
pub fn run(arguments: &SchemaArguments, terminal: &mut Terminal) -> u8 {
    terminal.data(&text(arguments.format));
    exit_code::OK
}

/// The schema as it is committed: pretty, with a final newline.
pub fn text(format: SchemaName) -> String {
    match format {
        SchemaName::Source => schema_text::<Source>(),
        SchemaName::Run => schema_text::<Workload>(),
        SchemaName::Prep => schema_text::<PrepPlan>(),
    }
}

fn schema_text<T: JsonSchema>() -> String {
    format!("{:#}\n", schema_for!(T).to_value())
}
