//! What the programs write fits the committed schemas, by which other programs read it.

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::binaries::workspace_root;
use end_to_end::{BUCKET, EmbeddedServer, HandWritten, TestContext, foreign, numbered, prepared};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::results::{exported, run_of};

/// A committed schema, made stricter: fields that it does not name are refused, though readers must accept those of later releases.
struct Schema {
    name: &'static str,
    validator: Validator,
}

impl Schema {
    fn committed(name: &'static str) -> Self {
        let path = workspace_root().join("schema").join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut schema = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut extended = BTreeSet::new();
        find_extended(&schema, &mut extended);
        close(&mut schema, "", &extended);
        let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, validator }
    }

    #[track_caller]
    fn assert_fits(&self, value: &Value) {
        let errors: Vec<String> =
            self.validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "not of {}: {}\n{value:#}", self.name, errors.join("\n"));
    }
}

/// The definitions to which other schemas add fields. They do not know all fields of an object.
fn find_extended(schema: &Value, found: &mut BTreeSet<String>) {
    if let (Some(_), Some(Value::String(extended))) = (schema.get("properties"), schema.get("$ref")) {
        found.insert(extended.clone());
    }
    let parts: Box<dyn Iterator<Item = &Value>> = match schema {
        Value::Object(fields) => Box::new(fields.values()),
        Value::Array(items) => Box::new(items.iter()),
        _ => return,
    };
    parts.for_each(|part| find_extended(part, found));
}

/// Forbids all fields that are not named, in every description of an object.
fn close(schema: &mut Value, place: &str, extended: &BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, part) in fields.iter_mut() {
                close(part, &format!("{}/{name}", if place.is_empty() { "#" } else { place }), extended);
            }
            if fields.get("properties").is_some_and(Value::is_object) && !extended.contains(place) {
                fields.insert("unevaluatedProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, place, extended)),
        _ => {}
    }
}

const FILES: u64 = 3;

/// A workload that goes well, one whose objects are missing, and all clients.
fn begin() -> (EmbeddedServer, TestContext) {
    let (server, mut context) = prepared(&[
        ("down", HandWritten::in_ram(&numbered("download", "down", FILES, 300_000)).repeats(2)),
        ("up", HandWritten::on_disk(&numbered("upload", "up", FILES, 9_000_000)).repeats(2)),
    ]);
    context.add("absent", &HandWritten::in_ram(&numbered("download", "absent", FILES, 7)));
    context.wlx().args(["prep", "files", "up"]).run().expect_success();
    context.add_clients();
    (server, context)
}

/// The events of a runner that gets the control words `words`, by kind. Each is checked.
fn events(context: &TestContext, client: &str, workload: &str, words: &str, code: i32) -> BTreeMap<String, Vec<Value>> {
    let file = context.work().join(format!("{client}-{workload}.events"));
    let path = context.work().join(format!("workloads/{workload}.run.json"));
    let runner = context.wlx().args(["runner", client]).arg(path).args([BUCKET, "us-east-1", "10.0"]);
    let runner = runner.env("WLX_EVENTS", &file).env("WLX_CONTROL", "stdin").stdin(words);
    runner.in_folder(context.work().join(".wlx/files")).run().expect_code(code);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let schema = Schema::committed("event.schema.json");
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        schema.assert_fits(&event);
        events.entry(event["event"].as_str().expect("an event has a kind").to_owned()).or_default().push(event);
    }
    events
}

/// Requires that a client writes all events that it must write, and that they fit.
fn assert_events_fit(client: &str) {
    let (_server, context) = begin();
    for workload in ["down", "up"] {
        let seen = events(&context, client, workload, "run\nrun\nverify\nend\n", 0);
        let count = |kind: &str| seen.get(kind).map_or(0, |events| events.len() as u64);
        assert_eq!((count("hello"), count("repeat"), count("task")), (1, 2, 2 * FILES), "{seen:#?}");
        assert!(count("progress") >= 2, "one at the end of each repeat at least: {seen:#?}");
        assert_eq!(seen["hello"][0]["client"], client);
        assert!(seen["repeat"].iter().all(|repeat| repeat["errors"] == json!([])), "{seen:#?}");
        // Only downloads that were dropped are verified by the client itself.
        let verified = if workload == "down" { FILES } else { 0 };
        assert_eq!((count("verified"), &seen["verified"][0]["tasks"]), (1, &json!(verified)), "{seen:#?}");
    }
    let seen = events(&context, client, "absent", "run\nend\n", 255);
    let errors = &seen["repeat"][0]["errors"];
    assert_eq!(errors[0]["kind"], "missingKey", "{seen:#?}");
    assert!(seen["task"].iter().any(|task| task["error"] == "missingKey"), "{seen:#?}");
}

#[test]
fn events_of_a_rust_client_fit_their_schema() {
    assert_events_fit("sdk-rust");
}

#[test]
fn events_of_a_python_client_fit_their_schema() {
    assert_events_fit("boto3-classic");
}

/// Exports runs of every kind of client: successful, failed and skipped ones.
#[test]
fn exported_results_fit_their_schema() {
    let (_server, context) = begin();
    context.write("wlx.toml", foreign::section("mine", ""));
    let clients = ["sdk-rust", "boto3-classic", "s5cmd", "mine"];
    let run = context.wlx().args(["run", "down", "up", "absent", "--verify", "--client", &clients.join(",")]);
    run.run().expect_code(1);
    let schema = Schema::committed("results.schema.json");
    let printed = context.wlx().args(["results", "export", "--format", "json"]).run().expect_success().json();
    schema.assert_fits(&printed);
    let runs = exported(&context);
    assert_eq!(runs.len(), 3 * clients.len());
    for client in clients {
        let outcome = |workload: &str| run_of(&runs, workload, client)["outcome"].clone();
        // s5cmd cannot download to RAM.
        let down = if client == "s5cmd" { "skipped" } else { "succeeded" };
        let absent = if client == "s5cmd" { "skipped" } else { "failed" };
        assert_eq!([outcome("down"), outcome("up"), outcome("absent")], [down, "succeeded", absent], "{client}");
    }
}

#[test]
fn a_saved_baseline_fits_its_schema() {
    let (_server, context) = begin();
    context.wlx().args(["run", "down", "--client", "sdk-rust,hyper"]).run().expect_success();
    context.wlx().args(["baseline", "save", "today"]).run().expect_success();
    let text = std::fs::read_to_string(context.work().join(".wlx/baselines/today.json")).expect("it was saved");
    let baseline: Value = serde_json::from_str(&text).expect("it is JSON");
    Schema::committed("baseline.schema.json").assert_fits(&baseline);
    assert_eq!(baseline["runs"].as_array().map(Vec::len), Some(2), "{baseline:#}");
}

/// A check that lets everything through would prove nothing.
#[test]
fn what_a_schema_does_not_name_is_refused() {
    let schema = Schema::committed("event.schema.json");
    let good = json!({"event": "progress", "repeat": 1, "bytes": 5, "tasks": 0});
    schema.assert_fits(&good);
    for (field, value) in
        [("later", json!(1)), ("bytes", json!(-1)), ("event", json!("other")), ("latency", json!({"p50Ns": 1}))]
    {
        let mut wrong = good.clone();
        wrong[field] = value;
        assert!(!schema.validator.is_valid(&wrong), "{wrong}");
    }
}
