//! A disk that is too small: `wlx` says so before it starts, or fails cleanly if it cannot know.

use end_to_end::components::of_the_system;
use end_to_end::{Finished, HandWritten, TestContext, binaries, numbered};

/// Runs `wlx` with `files/` on a disk of `mebibytes`, which exists only in the mount namespace of that process.
pub fn on_a_small_disk(context: &TestContext, mebibytes: u32, arguments: &[&str]) -> Finished {
    let script = format!("mount -t tmpfs -o size={mebibytes}m none files && exec \"$@\"");
    std::fs::create_dir_all(context.work().join("files")).expect("the working folder is writable");
    let as_root = rustix::process::geteuid().is_root();
    // Users other than root need a user namespace to mount in.
    let user: &[&str] = if as_root { &[] } else { &["--user", "--map-root-user"] };
    context
        .program(&of_the_system("unshare"))
        .args(user)
        .args(["--mount", "sh", "-c", &script, "sh"])
        .arg(binaries::binary("wlx"))
        .args(arguments)
        .args(["--files-dir", "files"])
        .run()
}

#[test]
fn prep_files_says_how_much_is_needed() {
    let context = TestContext::new();
    context.add("big", &HandWritten::on_disk(&numbered("upload", "big", 1, 64 << 20)));
    let refused = on_a_small_disk(&context, 4, &["prep", "files"]).expect_code(1);
    assert!(refused.stderr.contains("64") && refused.stderr.contains("hint"), "{}", refused.stderr);
}

#[test]
fn a_download_that_fills_the_disk_is_a_failed_run() {
    let context = TestContext::new();
    context.add("big", &HandWritten::on_disk(&numbered("download", "big", 1, 64 << 20)));
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    let failed = on_a_small_disk(&context, 4, &["run", "big"]).expect_code(1);
    assert!(!failed.stdout.contains("Run:1"), "a failed run has no number: {}", failed.stdout);
    assert!(failed.stderr.contains("space"), "{}", failed.stderr);
    context.assert_nothing_left_running();
}
