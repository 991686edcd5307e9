//! What was stored, read the way a script reads it.

use end_to_end::TestContext;
use serde_json::Value;

/// All stored runs, as `wlx results export` gives them.
pub fn exported(context: &TestContext) -> Vec<Value> {
    let finished = context.wlx().args(["results", "export", "--format", "json"]).run().expect_success();
    let value = finished.json();
    let runs = value.get("runs").unwrap_or(&value);
    runs.as_array().unwrap_or_else(|| panic!("no list of runs in {value}")).clone()
}

/// The repeats of a run in which nothing failed.
pub fn good_repeats(run: &Value) -> Vec<Value> {
    let repeats = run["repeats"].as_array().unwrap_or_else(|| panic!("no repeats in {run}"));
    let failed = |repeat: &&Value| repeat["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    repeats.iter().filter(|repeat| !failed(repeat)).cloned().collect()
}
