//! The embedded server, as `wlx serve` starts it.

use std::path::Path;

use embedded_s3::admin::{FaultRule, RecordsResponse, RequestRecord};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::context::TestContext;
use crate::endpoint::Endpoint;
use crate::http;
use crate::process::Child;

/// A running `wlx serve` with a state folder of its own, stopped when dropped.
pub struct EmbeddedServer {
    endpoint: Endpoint,
    admin_token: String,
    process: Child,
    // Last, so that the state folder outlives the server.
    _context: TestContext,
}

impl EmbeddedServer {
    /// Starts an empty server.
    pub fn start() -> Self {
        let context = TestContext::new();
        let state = context.work().join("state");
        Self::start_on(context, &state)
    }

    /// Starts a server with the state that another one has left.
    pub fn start_with_state(state: &Path) -> Self {
        Self::start_on(TestContext::new(), state)
    }

    fn start_on(context: TestContext, state: &Path) -> Self {
        let serve = context.wlx().args(["serve", "--listen", "127.0.0.1:0", "--format", "json", "--state"]).arg(state);
        let mut process = serve.limit(std::time::Duration::from_hours(1)).start();
        let line = process.wait_for_stdout("\"endpoint\"");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"));
        let field = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("no {name} in {line}")).to_owned();
        let endpoint = Endpoint {
            url: field("endpoint"),
            access_key_id: field("accessKeyId"),
            secret_access_key: field("secretAccessKey"),
            region: field("region"),
        };
        Self { endpoint, admin_token: field("adminToken"), process, _context: context }
    }

    /// Its address and credentials.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The server's process.
    pub fn process(&mut self) -> &mut Child {
        &mut self.process
    }

    /// Replaces all fault rules. Without any, the server behaves.
    pub fn misbehave(&self, rules: &[FaultRule]) {
        self.admin("faults", &json!({ "rules": rules }));
    }

    /// Starts to record requests.
    pub fn record(&self) {
        self.admin("recording", &json!({ "enabled": true }));
    }

    /// All requests that were recorded.
    pub fn all_recorded(&self) -> Vec<RequestRecord> {
        let answer = self.admin("records", &json!({}));
        let answer: RecordsResponse = serde_json::from_value(answer).expect("the server's own form");
        assert_eq!(answer.dropped, 0, "the record has holes");
        answer.records
    }

    /// The recorded requests of one operation.
    pub fn recorded(&self, operation: &str) -> Vec<Value> {
        let answer = self.admin("records", &json!({}));
        let records = answer["records"].as_array().unwrap_or_else(|| panic!("no records in {answer}"));
        records.iter().filter(|record| record["operation"] == operation).cloned().collect()
    }

    /// Makes an admin call and returns its answer.
    fn admin(&self, call: &str, body: &Value) -> Value {
        let token = format!("Bearer {}", self.admin_token);
        let headers = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
        let answer =
            http::request(self.endpoint.authority(), "POST", &format!("/_admin/{call}"), &headers, &body.to_string())
                .unwrap_or_else(|error| panic!("no answer to the admin call {call}: {error}"));
        assert!((200..300).contains(&answer.status), "admin call {call}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error} in {}", answer.body))
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        if self.process.is_running() {
            self.process.signal(Signal::TERM);
            self.process.wait_at_most(std::time::Duration::from_secs(10));
        }
    }
}
