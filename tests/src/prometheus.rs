//! The system's Prometheus, which scrapes one endpoint and is then asked for what it has stored.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::components::of_the_system;
use crate::context::TestContext;
use crate::http;
use crate::ports;
use crate::process::Child;

/// Measured on an idle machine: 1 s until it is ready, and 5 s more until it scrapes.
const START_LIMIT: Duration = Duration::from_mins(1);

/// A running Prometheus with a data folder of its own, ended when dropped.
pub struct Prometheus {
    authority: String,
    // Before the context, whose folder it runs in.
    _server: Child,
    _context: TestContext,
}

impl Prometheus {
    /// Starts one that scrapes `target` (`127.0.0.1:PORT`) four times a second, and waits until it does.
    pub fn scraping(target: &str) -> Self {
        let context = TestContext::new();
        let config = format!(
            "global: {{scrape_interval: 250ms, scrape_timeout: 250ms}}\n\
             scrape_configs: [{{job_name: wlx, static_configs: [{{targets: ['{target}']}}]}}]\n"
        );
        let config = context.write("prometheus.yml", config);
        let authority = format!("127.0.0.1:{}", ports::free());
        let mut server = context
            .program(&of_the_system("prometheus"))
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", context.work().join("data").display()))
            .arg(format!("--web.listen-address={authority}"))
            .arg("--log.level=warn")
            .limit(Duration::from_hours(1))
            .start();
        let deadline = Instant::now() + START_LIMIT;
        while !scrapes(&authority) {
            if !server.is_running() || Instant::now() > deadline {
                server.give_up("does not scrape");
            }
            // Polled, as the server does not say when it begins.
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { authority, _server: server, _context: context }
    }

    /// The series that a PromQL query yields, each with its labels.
    ///
    /// # Panics
    /// If Prometheus refuses the query.
    pub fn query(&self, query: &str) -> Vec<Value> {
        self.ask(query, "")
    }

    /// The same, as of `time`, in seconds since 1970.
    pub fn query_at(&self, query: &str, time: f64) -> Vec<Value> {
        self.ask(query, &format!("&time={time}"))
    }

    fn ask(&self, query: &str, more: &str) -> Vec<Value> {
        let escaped: Vec<String> = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let escaped = escaped.concat();
        let path = format!("/api/v1/query?query={escaped}{more}");
        let answer = http::request(&self.authority, "GET", &path, &[], "")
            .unwrap_or_else(|error| panic!("no answer to {query}: {error}"));
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body));
        assert_eq!(body["status"], "success", "{query}: {body}");
        body["data"]["result"].as_array().unwrap_or_else(|| panic!("no result in {body}")).clone()
    }

    /// The value of the only series that a query yields, if there is one.
    ///
    /// # Panics
    /// If there are several.
    pub fn value(&self, query: &str) -> Option<f64> {
        let series = self.query(query);
        assert!(series.len() < 2, "{query} gives {series:?}");
        let value = series.first()?["value"][1].as_str()?;
        Some(value.parse().unwrap_or_else(|error| panic!("{error}: {value}")))
    }
}

/// Whether the target has been scraped, with success or without.
fn scrapes(authority: &str) -> bool {
    let answer = http::request(authority, "GET", "/api/v1/targets?state=active", &[], "");
    answer.is_ok_and(|answer| answer.body.contains(r#""health":"down""#) || answer.body.contains(r#""health":"up""#))
}
