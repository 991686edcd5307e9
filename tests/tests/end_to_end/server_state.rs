//! What the embedded server has acknowledged survives it.

use end_to_end::{EmbeddedServer, TestContext};
use rustix::process::Signal;

#[test]
fn kill_9_of_the_server_loses_nothing_acknowledged() {
    let outer = TestContext::new();
    let state = outer.work().join("state");
    let mut server = EmbeddedServer::start_with_state(&state);
    let client = TestContext::with_endpoint(server.endpoint());
    let mut writer = client.python("acknowledged.py").args(["put", "kept"]).start();
    writer.wait_for_stdout("acknowledged 60");
    server.process().signal(Signal::KILL);
    let written = writer.wait().expect_success().stdout;
    let last = written.lines().last().and_then(|line| line.strip_prefix("acknowledged "));
    let last = last.unwrap_or_else(|| panic!("{written}"));
    drop(server);

    let server = EmbeddedServer::start_with_state(&state);
    let client = TestContext::with_endpoint(server.endpoint());
    client
        .python("acknowledged.py")
        .args(["verify", "kept", last])
        .run()
        .expect_success()
        .expect_stdout("ok: all of them");
}

#[test]
fn a_second_server_on_the_same_state_is_refused() {
    let outer = TestContext::new();
    let state = outer.work().join("state");
    let _server = EmbeddedServer::start_with_state(&state);
    let second = outer.wlx().args(["serve", "--listen", "127.0.0.1:0", "--state"]).arg(&state).run();
    second.expect_code(1).expect_stderr(&state.display().to_string());
}

#[test]
fn it_listens_on_loopback_only() {
    let context = TestContext::new();
    let refused = context.wlx().args(["serve", "--listen", "0.0.0.0:0", "--state", "state"]).run();
    refused.expect_code(2).expect_stderr("loopback");
}
