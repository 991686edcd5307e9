//! What is generated from the code and committed is what the code generates. To renew one, print it over the
//! file: `wlc schema source > schema/source.schema.json`, `wlc docs language > docs/language.md`.

use std::path::{Path, PathBuf};

use wlc::cli::{Reference, SchemaName};
use wlc::command::{docs, schema};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn committed(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn schemas_are_those_of_the_types() {
    for (name, path) in [
        (SchemaName::Source, "schema/source.schema.json"),
        (SchemaName::Run, "schema/run.schema.json"),
        (SchemaName::Prep, "schema/prep.schema.json"),
    ] {
        assert!(committed(path) == schema::text(name), "{path} is not what `wlc schema` prints");
    }
}

#[test]
fn documents_are_those_of_the_code() {
    for (name, path) in [(Reference::Language, "docs/language.md"), (Reference::Diagnostics, "docs/diagnostics.md")] {
        assert!(committed(path) == docs::text(name), "{path} is not what `wlc docs` prints");
    }
}

/// Every committed file fits the schema and says what its source says.
#[test]
fn compiled_files_fit_their_formats() {
    let run = jsonschema_of(SchemaName::Run);
    let prep = jsonschema_of(SchemaName::Prep);
    let mut count = 0;
    for entry in std::fs::read_dir(root().join("workloads")).expect("the compiled standard set") {
        let path = entry.expect("readable").path();
        let label = path.display().to_string();
        let bytes = std::fs::read(&path).expect("readable");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        if label.ends_with(".run.json") {
            assert!(run.is_valid(&value), "{label}");
            checked_document::read_workload(&label, &bytes).expect("a workload");
            count += 1;
        } else if label.ends_with(".prep.json") {
            assert!(prep.is_valid(&value), "{label}");
            let plan = checked_document::read_plan(&label, &bytes).expect("a plan");
            let run_path = label.replace(".prep.json", ".run.json");
            let run_bytes = std::fs::read(run_path).expect("its workload");
            assert_eq!(plan.workload_digest, workload_schema::WorkloadDigest::of(&run_bytes));
            let workload = workload_schema::format::run_file::read(&run_bytes).expect("a workload");
            let name = plan.workload.clone();
            assert_eq!(plan, workload_schema::PrepPlan::of(name, plan.workload_digest.clone(), &workload));
        }
    }
    assert!(count >= 21, "the standard set has 21 workloads, {count} are there");
}

fn jsonschema_of(name: SchemaName) -> jsonschema::Validator {
    let schema: serde_json::Value = serde_json::from_str(&schema::text(name)).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}
