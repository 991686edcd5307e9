//! The place in which most tests begin: a server of their own, and a folder with their workloads.

use crate::context::TestContext;
use crate::embedded::EmbeddedServer;
use crate::workload::HandWritten;

/// The bucket that these contexts name.
pub const BUCKET: &str = "end-to-end";

/// An embedded server, and a context that has `workloads`, by name, and whose environment names the server and the bucket.
pub fn served(workloads: &[(&str, HandWritten)]) -> (EmbeddedServer, TestContext) {
    let server = EmbeddedServer::start();
    let mut context = TestContext::with_endpoint(server.endpoint());
    context.set("WLX_BUCKET", BUCKET);
    for (name, workload) in workloads {
        context.add(name, workload);
    }
    (server, context)
}

/// The same with everything in the bucket that the workloads need.
pub fn prepared(workloads: &[(&str, HandWritten)]) -> (EmbeddedServer, TestContext) {
    let (server, context) = served(workloads);
    context.wlx().args(["prep", "bucket"]).run().expect_success();
    (server, context)
}
