//! Both programs and the embedded server, driven from outside, against real servers and with real clients.

mod aws_cli;
mod calibrate;
mod cli_crt;
mod client_catalog;
mod client_faults;
mod client_matrix;
mod client_requests;
mod client_table;
mod cloudwatch;
mod commands;
mod compare;
mod compiled_workloads;
mod conform;
mod contents;
mod demo;
mod disk_full;
mod export;
mod faults;
mod foreign_runner;
mod hand_written;
mod harness;
mod interrupt;
mod live;
mod main_job;
mod metrics;
mod on_embedded;
mod on_seaweedfs;
mod other_peoples_buckets;
mod report;
mod results;
mod runner_protocol;
mod schemas;
mod server_state;

use end_to_end::{Endpoint, TestContext};

/// Runs one case of a script in `tests/python` against a server.
fn python_case(endpoint: &Endpoint, script: &str, case: &str) {
    let context = TestContext::with_endpoint(endpoint);
    context.python(script).arg(case).run().expect_success().expect_stdout("ok: ");
}
