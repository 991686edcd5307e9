//! Exported results, as other tools read them.

use end_to_end::binaries::binary;
use end_to_end::{HandWritten, TestContext, served};

/// Successful runs in both directions, with keys that CSV must quote, and a failed run.
fn measured() -> TestContext {
    let mixed = HandWritten::in_ram(&[
        ("download", "download/export/a, \"b\"", 300_000),
        ("download", "download/export/c", 9_000_000),
        ("upload", "upload/export/d", 200_000),
        ("upload", "upload/export/e", 1),
    ])
    .repeats(5);
    let missing =
        HandWritten::in_ram(&[("download", "download/export/none", 5), ("download", "download/export/nil", 5)]);
    // A separate server: on its own one, wlx would make the missing objects before the run.
    let (_server, context) = served(&[("mixed", mixed), ("missing", missing)]);
    context.wlx().args(["prep", "bucket", "mixed"]).run().expect_success();
    context.wlx().args(["run", "--client", "sdk-rust,hyper", "mixed"]).run().expect_success();
    context.wlx().args(["run", "missing"]).run().expect_code(1);
    context
}

#[test]
fn other_readers_find_what_the_database_holds() {
    let context = measured();
    let wlx = binary("wlx");
    let checked = context.reader("exports.py").arg(wlx).arg(".wlx/results.sqlite").run();
    checked.expect_success().expect_stdout("ok: 3 runs, 11 repeats, ");
}

#[test]
fn an_export_is_written_to_a_file_or_not_at_all() {
    let context = measured();
    let export = |flags: &[&str]| context.wlx().args(["results", "export"]).args(flags.iter().copied()).run();
    export(&["--level", "task", "--format", "csv", "-o", "tasks.csv"]).expect_success();
    let written = std::fs::read_to_string(context.work().join("tasks.csv")).expect("the export was written");
    let printed = export(&["--level", "task", "--format", "csv"]).expect_success().stdout;
    assert_eq!(written, printed);
    assert!(written.starts_with("run,repeat,cold,"), "{written}");
    export(&["-o", "no/such/folder.csv"])
        .expect_code(1)
        .expect_stderr("cannot write the results to no/such/folder.csv");
}

/// The columns are explained before anything was run.
#[test]
fn columns_are_explained_without_results() {
    let context = TestContext::new();
    for (level, column) in [("run", "cpu_cores_std"), ("repeat", "machine_tcp_retransmits"), ("task", "first_byte_ns")]
    {
        context
            .wlx()
            .args(["results", "export", "--columns", "--level", level])
            .run()
            .expect_success()
            .expect_stdout(column);
    }
}
