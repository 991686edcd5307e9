//! The AWS CLI as `cli-crt` runs it: with a newer CRT than its own, and with one defect fixed.

use std::path::Path;

use end_to_end::TestContext;
use end_to_end::binaries::workspace_root;

#[test]
fn a_transfer_that_ends_at_once_does_not_fail() {
    let mut context = TestContext::new();
    let packages = workspace_root().join(".cache/clients/awscrt/packages");
    let script = workspace_root().join("tests/python/aws_cli_crt_waits.py");
    context.set("PYTHONPATH", packages.display().to_string());
    let python = Path::new("/usr/bin/python3");
    let said = context.program(python).arg("-B").arg(&script).run().expect_success();
    assert_eq!(said.stdout.trim(), "ok");
    context.set("PYTHONPATH", "");
    // If this succeeds, the CLI no longer needs the fix.
    let without = context.program(python).arg("-B").arg(&script).run().expect_code(1);
    without.expect_stderr("it did not wait");
}
