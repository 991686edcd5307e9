//! Stored results, read as a script reads them.

use end_to_end::TestContext;
use serde_json::Value;

/// All stored runs, the newest first, as `wlx results export` gives them.
pub fn exported(context: &TestContext) -> Vec<Value> {
    runs_in(&context.wlx().args(["results", "export", "--format", "json"]).run().expect_success().json())
}

/// The runs that a command printed as JSON.
pub fn runs_in(printed: &Value) -> Vec<Value> {
    printed["runs"].as_array().unwrap_or_else(|| panic!("no list of runs in {printed}")).clone()
}

/// The only run of a workload by a client.
pub fn run_of(runs: &[Value], workload: &str, client: &str) -> Value {
    let found: Vec<&Value> = runs.iter().filter(|run| run["workload"] == workload && run["client"] == client).collect();
    assert_eq!(found.len(), 1, "runs of {workload} by {client}");
    found[0].clone()
}

/// A field that must be a number.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The repeats of a run in which nothing failed.
pub fn good_repeats(run: &Value) -> Vec<Value> {
    let repeats = run["repeats"].as_array().unwrap_or_else(|| panic!("no repeats in {run}"));
    let failed = |repeat: &&Value| repeat["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    repeats.iter().filter(|repeat| !failed(repeat)).cloned().collect()
}
