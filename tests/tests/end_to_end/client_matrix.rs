//! Every client runs every small workload on both servers. It gets a number from verified contents, or is skipped with the reason
//! that stands in the table.

use std::time::Duration;

use end_to_end::{BUCKET, EmbeddedServer, Endpoint, SeaweedFs, TestContext};
use serde_json::{Value, json};

use crate::client_requests::{Clock, Requests};
use crate::client_table::{CHECKED, CLIENTS, Case, PLAIN, skipped};
use crate::results::{good_repeats, run_of, runs_in};

/// Runs all clients on `cases` and requires of each run what the table says.
fn run_all(endpoint: &Endpoint, cases: &[Case]) -> Vec<Value> {
    let mut context = TestContext::with_endpoint(endpoint);
    context.add_clients();
    context.set("WLX_BUCKET", BUCKET);
    for case in cases {
        context.add(case.name, &case.workload());
    }
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    let names = cases.iter().map(|case| case.name);
    let run = context.wlx().arg("run").args(names).args(["--client", "all", "--verify", "--format", "json"]);
    let runs = runs_in(&run.limit(Duration::from_mins(10)).run().expect_success().json());
    context.assert_nothing_left_running();
    assert_eq!(runs.len(), cases.len() * CLIENTS.len());
    for case in cases {
        for client in CLIENTS {
            assert_is_as_the_table_says(&run_of(&runs, case.name, client), client, case);
        }
    }
    runs
}

fn assert_is_as_the_table_says(run: &Value, client: &str, case: &Case) {
    if let Some(reason) = skipped(client, case) {
        assert_eq!(run["outcome"], "skipped", "{run:#}");
        assert_eq!(run["reason"], reason.as_str(), "{run:#}");
        assert_eq!(run["repeats"], json!([]), "{run:#}");
        return;
    }
    assert_eq!(run["outcome"], "succeeded", "{run:#}");
    assert_eq!(run["hello"]["client"], client, "{run:#}");
    let repeats = good_repeats(run);
    assert_eq!(repeats.len() as u64, case.repeats, "{run:#}");
    for repeat in repeats {
        assert_eq!(repeat["bytes"], case.bytes(), "{run:#}");
        assert!(repeat["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{run:#}");
    }
    // Files are compared after each repeat; objects and dropped downloads are compared after the last.
    let times = if case.is_upload() || case.in_ram { 1 } else { case.repeats };
    assert_eq!(run["verified"]["tasks"], times * case.files, "{run:#}");
    assert_eq!(run["verified"]["bytes"], times * case.bytes(), "{run:#}");
    assert_eq!(run["verified"]["errors"], json!([]), "{run:#}");
}

/// Runs all clients on the embedded server, and checks the requests that it recorded.
fn on_embedded(cases: &[Case]) {
    let server = EmbeddedServer::start();
    let clock = Clock::now();
    server.record();
    let runs = run_all(server.endpoint(), cases);
    let records = server.all_recorded();
    for case in cases {
        for run in runs.iter().filter(|run| run["workload"] == case.name && run["outcome"] == "succeeded") {
            Requests::of(run, &records, &clock).assert_fit(case);
        }
    }
}

#[test]
fn all_clients_on_the_embedded_server() {
    on_embedded(&PLAIN);
}

#[test]
fn all_clients_with_checksums_on_the_embedded_server() {
    on_embedded(&CHECKED);
}

#[test]
fn all_clients_on_seaweedfs() {
    let server = SeaweedFs::start();
    let cases: Vec<Case> = PLAIN.into_iter().filter(|case| !case.name.contains("8MiB")).chain([CHECKED[0]]).collect();
    run_all(server.endpoint(), &cases);
}
