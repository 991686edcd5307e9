//! What a runner is started with.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use workload_schema::Workload;
use workload_schema::event::{
    CONTROL_STDIN, CONTROL_VARIABLE, EVENTS_VARIABLE, TASKS_OFF, TASKS_VARIABLE, TUNED_VARIABLE, Tuned,
};

use workload_schema::RunKey;

/// What a runner is started with, and what it is to be followed by.
#[derive(Debug)]
pub struct Call<'a> {
    /// The run, as the journal is told of it.
    pub run: RunKey,
    /// The program.
    pub program: &'a Path,
    /// Its arguments up to `S3_CLIENT`.
    pub arguments: &'a [OsString],
    /// Variables of its environment: values to set, or names to remove (`None`).
    pub variables: Vec<(&'static str, Option<OsString>)>,
    /// The compiled workload, for its limits and sizes.
    pub workload: &'a Workload,
    /// Its file.
    pub workload_file: &'a Path,
    /// Bucket.
    pub bucket: &'a str,
    /// Region.
    pub region: &'a str,
    /// Throughput to plan for, in gigabit/s.
    pub target_gbps: f64,
    /// Working directory.
    pub files_dir: &'a Path,
    /// Endpoint URL of the store, which names the network interface that is watched; none means AWS.
    pub endpoint_url: Option<&'a str>,
    /// Values asked for instead of what its makers recommend.
    pub tuned: Tuned,
    /// Whether each task is recorded.
    pub record_tasks: bool,
    /// Process id of the store, where it is ours.
    pub server: Option<u32>,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
}

impl Call<'_> {
    /// The command that starts it, in a process group of its own, with its events going to the file `events`.
    pub fn command(&self, events: &Path) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(self.arguments)
            .arg(self.workload_file)
            // A float as Python and Rust print it: 100.0.
            .args([self.bucket, self.region, &format!("{:?}", self.target_gbps)])
            .current_dir(self.files_dir)
            .env("LC_ALL", "C")
            .env(EVENTS_VARIABLE, events)
            .env(CONTROL_VARIABLE, CONTROL_STDIN)
            .env(TUNED_VARIABLE, serde_json::to_string(&self.tuned).expect("plain data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if !self.record_tasks {
            command.env(TASKS_VARIABLE, TASKS_OFF);
        }
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}
