//! The JSON Schemas of what programs exchange at run time are committed beside this crate, for runners in other
//! languages and for readers of exported results. `UPDATE_SCHEMAS=1 cargo test -p workload-schema` writes them.

use std::path::Path;

use schemars::{JsonSchema, schema_for};
use workload_schema::baseline::Baseline;
use workload_schema::event::Event;
use workload_schema::record::RunExport;

fn assert_published<T: JsonSchema>(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{name} is not what the types say; run UPDATE_SCHEMAS=1 cargo test -p workload-schema");
}

#[test]
fn the_schema_of_runner_events_is_the_committed_one() {
    assert_published::<Event>("event.schema.json");
}

#[test]
fn the_schema_of_exported_results_is_the_committed_one() {
    assert_published::<RunExport>("results.schema.json");
}

#[test]
fn the_schema_of_baselines_is_the_committed_one() {
    assert_published::<Baseline>("baseline.schema.json");
}
