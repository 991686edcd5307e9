//! Headless Chromium, driven by the `WebDriver` protocol: for pages that must work in a reader's browser.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::components::of_the_system;
use crate::context::TestContext;
use crate::http;
use crate::process::Child;

/// A browser with one window, closed when dropped.
pub struct Browser {
    authority: String,
    session: String,
    _driver: Child,
}

impl Browser {
    /// Starts a browser with an empty profile that contacts nobody by itself.
    ///
    /// # Panics
    /// If Chromium or its driver is not installed.
    pub fn start(context: &TestContext) -> Self {
        let [driver, chromium] = ["chromedriver", "chromium"].map(of_the_system);
        let mut driver = context.program(&driver).arg("--port=0").limit(Duration::from_mins(5)).start();
        let line = driver.wait_for_stdout("started successfully on port ");
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap_or_default().to_owned();
        let profile = context.work().join("browser-profile");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--window-size=1280,900",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let authority = format!("127.0.0.1:{port}");
        let answer = call(&authority, "/session", &capabilities);
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session in {answer}")).to_owned();
        Self { authority, session, _driver: driver }
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&self, file: &Path) {
        self.call("url", &json!({"url": format!("file://{}", file.display())}));
    }

    /// Runs `script` as the body of a function in the page, and returns what that returns.
    pub fn run(&self, script: &str) -> Value {
        self.call("execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs `script` as the body of an asynchronous function in the page, and returns what that passes to `done`.
    pub fn run_until_done(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.call("execute/async", &json!({"script": script, "args": []}))
    }

    /// Sends a command of the browser's own protocol.
    pub fn command(&self, name: &str, parameters: &Value) -> Value {
        self.call("goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
    }

    /// What was written to the console since the last call, including the browser's own errors.
    pub fn console(&self) -> Vec<String> {
        let log = self.call("se/log", &json!({"type": "browser"}));
        let entries = log.as_array().unwrap_or_else(|| panic!("no log in {log}"));
        entries.iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    fn call(&self, command: &str, body: &Value) -> Value {
        call(&self.authority, &format!("/session/{}/{command}", self.session), body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser is not in the driver's process group, so it must be asked to end.
        drop(http::request(&self.authority, "DELETE", &format!("/session/{}", self.session), &[], ""));
    }
}

fn call(authority: &str, path: &str, body: &Value) -> Value {
    let headers = [("Content-Type", "application/json")];
    let answer = http::request(authority, "POST", path, &headers, &body.to_string())
        .unwrap_or_else(|error| panic!("no answer of the browser to {path}: {error}"));
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let mut answer: Value =
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error} in {}", answer.body));
    answer["value"].take()
}
