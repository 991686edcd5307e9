//! The clients as they are listed, missed, and asked for what they would do; and the ones that would go elsewhere.

use std::time::{Duration, Instant};

use end_to_end::binaries::workspace_root;
use end_to_end::{EmbeddedServer, HandWritten, TestContext, components};
use serde_json::Value;

use crate::client_table::CLIENTS;
use crate::results::exported;

const BUCKET: &str = "catalog";

/// A server, and a folder with one workload of two files each way.
fn begin() -> (EmbeddedServer, TestContext) {
    let server = EmbeddedServer::start();
    let mut context = TestContext::with_clients(server.endpoint());
    context.set("WLX_BUCKET", BUCKET);
    for action in ["upload", "download"] {
        let keys = [format!("{action}/two/1"), format!("{action}/two/2")];
        let tasks = keys.each_ref().map(|key| (action, key.as_str(), 1000));
        context.write(&format!("workloads/{action}.run.json"), HandWritten::on_disk(&tasks).text());
    }
    context.wlx().args(["prep", "all"]).run().expect_success();
    (server, context)
}

#[test]
fn all_clients_are_listed_with_what_they_are() {
    let mut context = TestContext::new();
    context.set("WLX_CLIENTS_DIR", components::clients().display().to_string());
    context
        .write("wlx.toml", "[clients.mine]\ncommand = 'sh runner.sh'\n[clients.gone]\ncommand = './no-such-program'\n");
    let table = context.wlx().args(["clients", "list"]).run().expect_success().stdout;
    let listed = context.wlx().args(["clients", "list", "--format", "json"]).run().expect_success().json();
    let rows = listed.as_array().expect("a list of clients");
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["client"].as_str()).collect();
    assert_eq!(ids, CLIENTS.into_iter().chain(["gone", "mine"]).collect::<Vec<_>>());
    for row in rows {
        let id = row["client"].as_str().expect("an id");
        assert!(row["about"].as_str().is_some_and(|about| !about.is_empty()), "{row}");
        assert!(row["capabilities"].as_str().is_some_and(|what| !what.is_empty()), "{row}");
        assert_eq!(row["installed"], id != "gone", "{row}");
        assert_eq!(row["version"].is_string(), CLIENTS.contains(&id), "{row}");
        assert!(table.contains(id), "{table}");
    }
    let gone = rows.iter().find(|row| row["client"] == "gone").expect("it is listed");
    assert!(gone["getIt"].as_str().is_some_and(|how| how.contains("[clients.gone]")), "{gone}");
}

#[test]
fn a_missing_client_is_told_with_what_installs_it() {
    let server = EmbeddedServer::start();
    let context = TestContext::with_endpoint(server.endpoint());
    context.write("workloads/up.run.json", HandWritten::in_ram(&[("upload", "upload/up/1", 1000)]).text());
    context.wlx().args(["prep", "bucket", "--bucket", BUCKET]).run().expect_success();
    for client in ["boto3-classic", "s5cmd"] {
        let named = context.wlx().args(["run", "up", "--bucket", BUCKET, "--client", &format!("{client},sdk-rust")]);
        let named = named.run().expect_code(2);
        assert!(named.stderr.contains(&format!("wlx clients install {client}")), "{}", named.stderr);
        assert!(named.stdout.is_empty(), "nothing is begun: {}", named.stdout);
    }
    context.wlx().args(["run", "up", "--bucket", BUCKET, "--client", "all"]).run().expect_success();
    for run in exported(&context) {
        let client = run["client"].as_str().expect("an id");
        let native = ["sdk-rust", "hyper", "sdk-rust-tm", "object-store", "crt-rust"].contains(&client);
        let reason = format!("not installed: wlx clients install {client}");
        assert_eq!(run["outcome"], if native { "succeeded" } else { "skipped" }, "{run:#}");
        assert_eq!(run["reason"], if native { Value::Null } else { reason.into() }, "{run:#}");
    }
}

/// What `wlx compat` says of a workload: client, verdict, text.
fn compat(context: &TestContext, workload: &str, code: i32) -> Vec<(String, String, String)> {
    let said = context.wlx().args(["compat", workload, "--format", "json"]).run().expect_code(code).json();
    let text = |answer: &Value, field: &str| answer[field].as_str().unwrap_or_default().to_owned();
    let answers = said.as_array().expect("a list of answers").iter();
    answers.map(|answer| (text(answer, "client"), text(answer, "verdict"), text(answer, "text"))).collect()
}

#[test]
fn what_a_command_line_client_would_do_depends_on_what_lies_around() {
    let (_server, context) = begin();
    for workload in ["upload", "download"] {
        let answers = compat(&context, workload, 0);
        assert_eq!(answers.len(), 4, "{answers:?}");
        for (client, verdict, text) in answers {
            assert_eq!(verdict, "runs", "{client}: {text}");
            assert!(text.contains(&format!("{workload}/two")), "{client}: {text}");
        }
    }
    context.write(".wlx/files/upload/two/notes", "not of the workload");
    // Another workload's object in the same directory.
    let third = HandWritten::in_ram(&[("download", "download/two/3", 1000)]);
    context.write("workloads/third.run.json", third.text());
    context.wlx().args(["prep", "bucket", "third"]).run().expect_success();
    for (workload, place, extra) in
        [("upload", "on disk", "upload/two/notes"), ("download", "in the bucket", "download/two/3")]
    {
        for (client, verdict, text) in compat(&context, workload, 123) {
            let reason = format!(
                "{client} would {workload} all of {workload}/two {place}, and {extra} in it is not of this workload"
            );
            assert_eq!((verdict.as_str(), text.as_str()), ("skipped", reason.as_str()));
        }
        // The run says the same.
        let run = ["run", workload, "--client", "s5cmd", "--format", "json"];
        let runs = context.wlx().args(run).run().expect_code(123).json();
        assert_eq!(runs["runs"][0]["outcome"], "skipped", "{runs:#}");
        assert!(runs["runs"][0]["reason"].as_str().is_some_and(|reason| reason.contains(extra)), "{runs:#}");
    }
}

/// Requires that `client` was refused before it was run, in words of which it has all, and that the next one ran.
fn assert_refused(context: &TestContext, client: &str, more: &[&str], words: &[&str]) {
    let run = context.wlx().args(["run", "download", "--client", &format!("{client},sdk-rust")]).args(more);
    let finished = run.run().expect_code(1);
    context.assert_nothing_left_running();
    let runs = exported(context);
    let of = |id: &str| runs.iter().find(|run| run["client"] == id).expect("each is stored").clone();
    let refused = of(client);
    assert_eq!(refused["outcome"], "failed", "{refused:#}");
    assert_eq!(refused["repeats"], serde_json::json!([]), "{refused:#}");
    let reason = refused["reason"].as_str().unwrap_or_default();
    for word in words {
        assert!(reason.contains(word), "no `{word}` in {reason}");
        assert!(finished.stderr.contains(word), "no `{word}` in {}", finished.stderr);
    }
    assert_eq!(of("sdk-rust")["outcome"], "succeeded");
}

#[test]
fn a_runner_that_leaves_the_endpoint_is_refused() {
    let runner = workspace_root().join("tests/foreign/runner.pl");
    let elsewhere = EmbeddedServer::start();
    let endpoint = elsewhere.endpoint();
    let own_place = format!(
        "env AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} perl '{}'",
        endpoint.url,
        endpoint.access_key_id,
        endpoint.secret_access_key,
        runner.display()
    );
    let nowhere = "sh -c 'mkdir -p download/two; echo Run:1 Secs:1.0 Gb/s:1.0'";
    for (command, words) in [(own_place.as_str(), "NoSuchBucket"), (nowhere, "")] {
        let (_server, context) = begin();
        context.write("wlx.toml", format!("[clients.stray]\ncommand = \"{command}\"\n"));
        assert_refused(&context, "stray", &[], &["stray does not go to the endpoint that it is given", words]);
    }
}

#[test]
fn a_runner_that_hangs_when_it_is_asked_is_given_up() {
    let (_server, context) = begin();
    context.write("wlx.toml", "[clients.hanging]\ncommand = \"sh -c 'echo waiting >&2; sleep 3600'\"\n");
    let started = Instant::now();
    let words = ["hanging does not go to the endpoint", "(--timeout); its last words: waiting"];
    assert_refused(&context, "hanging", &["--timeout", "2"], &words);
    assert!(started.elapsed() < Duration::from_secs(30), "it took {:?}", started.elapsed());
}

#[test]
fn an_aws_cli_without_the_crt_is_no_cli_crt() {
    let (_server, context) = begin();
    let version_1 = components::clients().join("awscli/bin/aws");
    context.write("wlx.toml", format!("[clients.cli-crt]\nprogram = '{}'\n", version_1.display()));
    assert_refused(&context, "cli-crt", &[], &["aws-cli/1.", "has no CRT", "cli-crt needs the AWS CLI 2"]);
    let (_, verdict, text) = compat_of(&context, "cli-crt");
    assert_eq!(verdict, "notInstalled");
    assert!(text.contains("has no CRT"), "{text}");
}

fn compat_of(context: &TestContext, client: &str) -> (String, String, String) {
    let answers = compat(context, "download", 0);
    answers.into_iter().find(|(id, ..)| id == client).expect("it is asked for")
}
