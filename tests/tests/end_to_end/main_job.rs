//! The main job in an empty folder beside the compiled workloads: prepare, run, look at the results, clean up.

use std::collections::BTreeMap;
use std::time::Duration;

use end_to_end::binaries::workspace_root;
use end_to_end::{BUCKET, EmbeddedServer, HandWritten, SeaweedFs, TestContext, numbered};
use serde_json::{Value, json};

use crate::contents::{aws, files, keys, open_uploads};
use crate::results::{exported, good_repeats, run_of};

/// Workloads of the standard set, and the bytes of one repeat at 1/256 of the size.
const STANDARD: [(&str, u64); 4] = [
    ("upload-64KiB-1_000x", 1000 * 256),
    ("download-64KiB-1_000x", 1000 * 256),
    ("upload-5GiB-1x-ram", 20 << 20),
    ("download-5GiB-1x-ram", 20 << 20),
];

#[test]
fn standard_workloads_run_with_nothing_configured() {
    let context = TestContext::new();
    let names = STANDARD.map(|(name, _)| name);
    context.add_workloads(&names);
    context.wlx().args(["prep", "bucket", "--scale", "1/256"]).run().expect_success();
    let run = context.wlx().args(["run", "--scale", "1/256"]).args(names).limit(Duration::from_mins(8));
    run.run().expect_success().expect_stdout("Run:1 Secs:");
    let listed = context.wlx().args(["results", "list"]).run().expect_success();
    let runs = exported(&context);
    assert_eq!(runs.len(), STANDARD.len());
    for (name, bytes) in STANDARD {
        assert!(listed.stdout.contains(name), "{name} is not in\n{}", listed.stdout);
        assert_done(&run_of(&runs, name, "sdk-rust"), bytes);
    }
    context.assert_nothing_left_running();
}

/// Requires ten good repeats of so many bytes.
#[track_caller]
fn assert_done(run: &Value, bytes: u64) {
    assert_eq!(run["outcome"], "succeeded", "{run:#}");
    let repeats = good_repeats(run);
    assert_eq!(repeats.len(), 10, "{run:#}");
    assert!(repeats.iter().all(|repeat| repeat["bytes"] == bytes), "{run:#}");
}

/// 200 GB that exist without being stored or sent. All objects that the committed plans name exist, and a second `prep` keeps them.
#[test]
fn the_whole_standard_set_is_prepared_in_seconds() {
    let context = TestContext::new();
    context.add_all_workloads();
    let planned = planned_downloads();
    let all = json!({"count": planned.len(), "bytes": planned.values().sum::<u64>()});
    let none = json!({"count": 0, "bytes": 0});
    let prep = || {
        let prep = context.wlx().args(["prep", "bucket", "--format", "json"]).limit(Duration::from_mins(1));
        prep.run().expect_success().json()
    };
    let made = prep();
    assert_eq!((&made["applied"], &made["bucket"]["creates"]), (&json!(true), &json!(true)), "{made:#}");
    assert_eq!((&made["objects"]["make"], &made["objects"]["keep"]), (&all, &none), "{made:#}");
    let kept = prep();
    assert_eq!((&kept["objects"]["make"], &kept["objects"]["keep"]), (&none, &all), "{kept:#}");
    assert_eq!(kept["bucket"]["state"], "ours", "{kept:#}");

    let state = context.work().join(".wlx");
    let stored: u64 = files(&state).iter().map(|(_, bytes)| bytes).sum();
    assert!(stored < 64 << 20, "{stored} bytes are on disk");
    // Other clients find all of them.
    let server = EmbeddedServer::start_with_state(&state.join("s3"));
    let client = TestContext::with_endpoint(server.endpoint());
    let bucket = kept["bucket"]["name"].as_str().expect("a bucket has a name");
    let counted = client.python("objects_in.py").args([bucket, &planned.len().to_string()]).run().expect_success();
    assert_eq!(counted.stdout.trim(), planned.len().to_string());
}

/// Every object that the committed plans want to download, with its size.
fn planned_downloads() -> BTreeMap<String, u64> {
    let folder = workspace_root().join("workloads");
    let mut planned = BTreeMap::new();
    for (name, _) in files(&folder).into_iter().filter(|(name, _)| name.ends_with(".prep.json")) {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let plan: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        for object in plan["downloads"].as_array().unwrap_or_else(|| panic!("no downloads in {name}")) {
            let key = object["key"].as_str().expect("an object has a key");
            planned.insert(key.to_owned(), object["size"].as_u64().expect("an object has a size"));
        }
    }
    assert!(planned.len() > 10_000, "{} objects are planned", planned.len());
    planned
}

/// The real size once, for faults that only show beyond 4 GiB.
#[test]
fn five_gib_go_up_and_down() {
    let context = TestContext::new();
    let size = 5 << 30;
    context.add("up", &HandWritten::in_ram(&numbered("upload", "5GiB-1x", 1, size)));
    context.add("down", &HandWritten::in_ram(&numbered("download", "5GiB-1x", 1, size)));
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    context.wlx().args(["run", "up", "down"]).limit(Duration::from_mins(8)).run().expect_success();
    let runs = exported(&context);
    for workload in ["up", "down"] {
        let repeats = good_repeats(&run_of(&runs, workload, "sdk-rust"));
        assert_eq!(repeats.len(), 1, "{runs:#?}");
        assert_eq!(repeats[0]["bytes"], size, "{runs:#?}");
    }
}

/// Workloads for a server of another maker, and the bytes of one repeat.
const SMALL: [(&str, u64); 4] = [
    ("upload-8MiB-16x", 128 << 20),
    ("download-8MiB-16x", 128 << 20),
    ("upload-64KiB-1x", 64 << 10),
    ("download-8MiB-16x-ram", 128 << 20),
];

#[test]
fn the_same_on_a_server_of_another_maker() {
    let server = SeaweedFs::start();
    let mut context = TestContext::with_endpoint(server.endpoint());
    context.set("WLX_BUCKET", BUCKET);
    let names = SMALL.map(|(name, _)| name);
    context.add_workloads(&names);
    context.wlx().args(["prep", "all"]).run().expect_success();
    context.wlx().arg("run").args(names).run().expect_success();
    let runs = exported(&context);
    assert_eq!(runs.len(), SMALL.len());
    for (name, bytes) in SMALL {
        assert_done(&run_of(&runs, name, "sdk-rust"), bytes);
    }
    // What was made is found again, and kept.
    let kept = context.wlx().args(["prep", "all", "--format", "json"]).run().expect_success().json();
    assert_eq!(kept["objects"]["keep"], json!({"count": 16, "bytes": 128 << 20}), "{kept:#}");
    assert_eq!(kept["files"]["keep"], json!({"count": 17, "bytes": (128 << 20) + (64 << 10)}), "{kept:#}");
    for what in ["objects", "files"] {
        assert_eq!(kept[what]["make"], json!({"count": 0, "bytes": 0}), "{kept:#}");
    }
    cleaned(&context);
    assert_eq!(exported(&context), runs, "results are kept");
}

/// Requires that `clean` removes exactly what the plans name: what was prepared, and what runs have written. Everything else stays.
fn cleaned(context: &TestContext) {
    let theirs = ["diary", "download/8MiB-16x/17", "upload/8MiB-16x/01.old"];
    let (note, begun, begun_of_others) = ("upload/8MiB-16x/note", "upload/8MiB-16x/02", "upload/8MiB-16x/17");
    context.write("diary", "dear diary");
    for key in theirs {
        aws(context, &["s3", "cp", "--quiet", "diary", &format!("s3://{BUCKET}/{key}")]);
    }
    for key in [begun, begun_of_others] {
        aws(context, &["s3api", "create-multipart-upload", "--bucket", BUCKET, "--key", key]);
    }
    context.write(&format!(".wlx/files/{note}"), "mine");
    let before = (keys(context, BUCKET), files(&context.work().join(".wlx/files")));
    assert_eq!((before.0.len(), before.1.len()), (1 + 16 + 17 + theirs.len(), 16 + 17 + 1), "{before:?}");

    let clean = |flags: &[&str]| context.wlx().args(["clean", "--format", "json"]).args(flags).run().expect_success();
    let told = clean(&["--dry-run"]).json();
    assert_eq!(told["applied"], false, "{told:#}");
    assert_eq!((keys(context, BUCKET), files(&context.work().join(".wlx/files"))), before, "a dry run");
    let told = clean(&[]).json();
    let bytes = (256 << 20) + (64 << 10);
    assert_eq!(
        told,
        json!({
            "version": 1,
            "applied": true,
            "objects": {"count": 16 + 17, "bytes": bytes},
            "unfinishedUploads": 1,
            "files": {"count": 16 + 17, "bytes": bytes},
            // One of the two for uploads, and both for downloads. The note keeps the others.
            "folders": 3,
            "bucketRemoved": false,
        })
    );
    let marker = ".wlx-bucket.json";
    assert_eq!(keys(context, BUCKET), [&[marker], &theirs[..]].concat());
    assert_eq!(open_uploads(context, BUCKET), [begun_of_others]);
    assert_eq!(files(&context.work().join(".wlx/files")), [(note.to_owned(), 4)]);

    let again = context.wlx().arg("clean").run().expect_success();
    assert!(again.stdout.ends_with("nothing to remove\n"), "{}", again.stdout);
    let kept = clean(&["--bucket-too"]).json();
    assert_eq!(kept["bucketRemoved"], false, "{kept:#}");
    assert_eq!(keys(context, BUCKET), [&[marker], &theirs[..]].concat(), "a bucket with others' objects stays");
}
