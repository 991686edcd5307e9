//! `make demo`, on the programs under test instead of a release build.

use std::time::Duration;

use end_to_end::TestContext;
use end_to_end::binaries::{binary, workspace_root};

#[test]
fn the_demo_shows_results() {
    let context = TestContext::new();
    let (wlc, wlx) = (binary("wlc"), binary("wlx"));
    assert_eq!(wlc.parent(), wlx.parent());
    let programs = wlx.parent().expect("a program lies in a folder");
    let shown = context
        .program(&workspace_root().join("tests/demo.sh"))
        .arg(programs)
        .limit(Duration::from_mins(5))
        .run()
        .expect_success();
    for text in [
        "$ wlc build",
        "$ wlx prep bucket",
        "Run:1 Secs:",
        "$ wlx results list",
        "download-8MiB-16x",
        "hyper",
        "$ wlx clients list",
        "$ wlx calibrate",
        "$ wlx compare",
        "95 % interval",
        "demo-report.html",
    ] {
        assert!(shown.stdout.contains(text), "the demo shows no {text}:\n{}", shown.stdout);
    }
    let report = std::fs::read_to_string(programs.join("demo-report.html")).expect("the demo leaves its report");
    for text in ["</html>", "download-8MiB-16x", "hyper"] {
        assert!(report.contains(text), "the report has no {text}");
    }
    context.assert_nothing_left_running();
}
