//! A disk that is too small: said before anything is begun where it can be known, and clean where it cannot.

use std::path::Path;

use end_to_end::{Finished, HandWritten, TestContext};

/// Runs `wlx` with `files/` on a disk of so many MiB, in a mount namespace of its own that ends with it.
pub fn on_a_small_disk(context: &TestContext, mebibytes: u32, arguments: &[&str]) -> Finished {
    let script = format!("mount -t tmpfs -o size={mebibytes}m none files && exec \"$@\"");
    std::fs::create_dir_all(context.work().join("files")).expect("the working folder is writable");
    let as_root = rustix::process::geteuid().is_root();
    // Others than root get a user namespace in which they may mount.
    let user: &[&str] = if as_root { &[] } else { &["--user", "--map-root-user"] };
    context
        .program(Path::new("/usr/bin/unshare"))
        .args(user)
        .args(["--mount", "sh", "-c", &script, "sh"])
        .arg(end_to_end::binaries::binary("wlx"))
        .args(arguments)
        .args(["--files-dir", "files"])
        .run()
}

#[test]
fn prep_files_says_how_much_is_needed() {
    let context = TestContext::new();
    let size = 64 << 20;
    context.write("workloads/big.run.json", HandWritten::on_disk(&[("upload", "upload/big/1", size)]).text());
    let refused = on_a_small_disk(&context, 4, &["prep", "files"]);
    assert!(refused.code.is_some_and(|code| code != 0), "it went on with too little disk");
    assert!(refused.stderr.contains("64") && refused.stderr.contains("hint"), "{}", refused.stderr);
}

#[test]
fn a_download_that_fills_the_disk_is_a_failed_run() {
    let context = TestContext::new();
    let task = ("download", "download/big/1", 64 << 20);
    context.write("workloads/big.run.json", HandWritten::on_disk(&[task]).text());
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    let failed = on_a_small_disk(&context, 4, &["run", "big"]).expect_code(1);
    assert!(!failed.stdout.contains("Run:1"), "a failed run has no number: {}", failed.stdout);
    assert!(failed.stderr.contains("space"), "{}", failed.stderr);
    context.assert_nothing_left_running();
}
