//! Every client on every small workload, on both servers: a number from verified contents, or the reason that the table
//! has.

use end_to_end::{EmbeddedServer, Endpoint, SeaweedFs, TestContext};
use serde_json::Value;

use crate::client_requests::{Clock, Requests};
use crate::client_table::{CHECKED, CLIENTS, Case, PLAIN, skipped};
use crate::results::good_repeats;

const BUCKET: &str = "matrix";

/// Runs all clients on `cases` and requires of each what the table says.
fn run_all(endpoint: &Endpoint, cases: &[Case]) -> Vec<Value> {
    let context = TestContext::with_clients(endpoint);
    for case in cases {
        context.write(&format!("workloads/{}.run.json", case.name), case.workload().text());
    }
    context.wlx().args(["prep", "bucket", "--bucket", BUCKET]).run().expect_success();
    let names = cases.iter().map(|case| case.name);
    let run = context.wlx().arg("run").args(names).args(["--client", "all", "--bucket", BUCKET, "--verify"]);
    let runs = run.args(["--format", "json"]).limit(std::time::Duration::from_mins(10)).run().expect_success().json();
    context.assert_nothing_left_running();
    let runs = runs["runs"].as_array().expect("a list of runs").clone();
    assert_eq!(runs.len(), cases.len() * CLIENTS.len());
    for case in cases {
        for client in CLIENTS {
            let mut of_both = runs.iter().filter(|run| run["workload"] == case.name && run["client"] == client);
            let run = of_both.next().unwrap_or_else(|| panic!("{client} was not run on {}", case.name));
            assert!(of_both.next().is_none(), "{client} was run twice on {}", case.name);
            assert_is_as_the_table_says(run, client, case);
        }
    }
    runs
}

fn assert_is_as_the_table_says(run: &Value, client: &str, case: &Case) {
    if let Some(reason) = skipped(client, case) {
        assert_eq!(run["outcome"], "skipped", "{run:#}");
        assert_eq!(run["reason"], reason.as_str(), "{run:#}");
        assert_eq!(run["repeats"], serde_json::json!([]), "{run:#}");
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
    // Files are compared after each repeat; objects, and what leaves nothing behind, after the last.
    let times = if case.is_upload() || case.in_ram { 1 } else { case.repeats };
    assert_eq!(run["verified"]["tasks"], times * case.files, "{run:#}");
    assert_eq!(run["verified"]["bytes"], times * case.bytes(), "{run:#}");
    assert_eq!(run["verified"]["errors"], serde_json::json!([]), "{run:#}");
}

/// All clients on the embedded server, and what it saw of them.
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
