//! A fake of those AWS services that are not S3.

use crate::components::moto;
use crate::context::TestContext;
use crate::process::Child;

/// A running moto server, ended when dropped.
pub struct Moto {
    url: String,
    // Before the context, whose folder it runs in.
    _server: Child,
    _context: TestContext,
}

impl Moto {
    /// Starts the server and waits until it serves.
    pub fn start() -> Self {
        let context = TestContext::new();
        let server = context.program(&moto()).args(["-H", "127.0.0.1", "-p", "0"]);
        let mut server = server.limit(std::time::Duration::from_hours(1)).start();
        let line = server.wait_for_stderr("Running on");
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("no address in {line}")).to_owned();
        Self { url, _server: server, _context: context }
    }

    /// Where it serves.
    pub fn url(&self) -> &str {
        &self.url
    }
}
