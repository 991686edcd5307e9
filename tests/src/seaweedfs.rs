//! `SeaweedFS`, a real S3 server of another maker.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::components::weed;
use crate::context::TestContext;
use crate::endpoint::Endpoint;
use crate::http;
use crate::ports;
use crate::process::Child;

/// Measured on an idle machine: 1-4 s.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Measured: 4 s.
const STOP_LIMIT: Duration = Duration::from_secs(30);
const ACCESS_KEY_ID: &str = "seaweed-test-key";
const SECRET: &str = "seaweed-test-secret";

/// A running `SeaweedFS` with a data folder of its own, stopped when dropped.
pub struct SeaweedFs {
    endpoint: Endpoint,
    server: Option<Child>,
    // Last, so that the data folder outlives the server.
    _context: TestContext,
}

impl SeaweedFs {
    /// Starts the server and waits until it serves.
    pub fn start() -> Self {
        let context = TestContext::new();
        let ports = ports::free_with_twin(4);
        let mut server = launch(&context, &ports);
        let authority = format!("127.0.0.1:{}", ports[0]);
        wait_until_healthy(&authority, &mut server);
        let endpoint = Endpoint {
            url: format!("http://{authority}"),
            access_key_id: ACCESS_KEY_ID.to_owned(),
            secret_access_key: SECRET.to_owned(),
            region: "us-east-1".to_owned(),
        };
        Self { endpoint, server: Some(server), _context: context }
    }

    /// Its address and credentials.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }
}

impl Drop for SeaweedFs {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take()
            && server.is_running()
        {
            server.signal(Signal::TERM);
            server.wait_at_most(STOP_LIMIT);
        }
    }
}

fn launch(context: &TestContext, ports: &[u16]) -> Child {
    let data = context.work().join("data");
    std::fs::create_dir(&data).expect("the working folder is writable");
    let names = ["s3.port", "master.port", "volume.port", "filer.port"];
    let chosen = names.iter().zip(ports).map(|(name, port)| format!("-{name}={port}"));
    context
        .program(&weed())
        .args(["-logtostderr", "mini", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"])
        .arg(format!("-dir={}", data.display()))
        .args(chosen)
        .args(["-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"])
        .arg("-master.telemetry=false")
        // By default as many as fit on the free disk. Each bucket takes several, and they are empty.
        .arg("-volume.max=5000")
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("WEED_S3_SSE_KEY", "x")
        .limit(Duration::from_hours(1))
        .start()
}

fn wait_until_healthy(authority: &str, server: &mut Child) {
    let deadline = Instant::now() + START_LIMIT;
    while !is_healthy(authority) {
        if !server.is_running() || Instant::now() > deadline {
            server.give_up("does not get healthy");
        }
        // Polled, as the server does not say when it is ready.
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn is_healthy(authority: &str) -> bool {
    http::request(authority, "GET", "/healthz", &[], "").is_ok_and(|answer| answer.status == 200)
}
