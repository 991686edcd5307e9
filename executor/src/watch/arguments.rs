//! Flags for those who look on; the same for every command that runs clients.

use std::net::SocketAddr;

use clap::Args;

/// Who looks on.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Looking on")]
pub struct WatchArgs {
    /// Show the run as it goes in the terminal, instead of a bar: throughput over time, tasks in flight, percentiles
    #[arg(long)]
    pub live: bool,
    /// Serve metrics for Prometheus while it runs, like 127.0.0.1:9464; port 0 takes a free one and says which
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub metrics: Option<SocketAddr>,
    /// At the end wait so many seconds at most for Prometheus to fetch the last values
    #[arg(long, value_name = "SECONDS", default_value = "0", requires = "metrics")]
    pub metrics_linger: u64,
    /// Push throughput and duration of each good warm repeat to CloudWatch, at the end of each run
    #[arg(long)]
    pub cloudwatch: bool,
    /// Branch of the client that is measured: a dimension in CloudWatch
    #[arg(long, value_name = "NAME", default_value = "unknown", value_parser = dimension, requires = "cloudwatch")]
    pub branch: String,
    /// EC2 instance type: a dimension in CloudWatch; default: what the firmware says, or `unknown`
    #[arg(long, value_name = "TYPE", value_parser = dimension, requires = "cloudwatch")]
    pub instance_type: Option<String>,
    /// Endpoint of CloudWatch; default: that of the region. An endpoint of S3 is never taken for it
    #[arg(long, value_name = "URL", env = crate::cloudwatch::ENDPOINT_VARIABLE)]
    pub cloudwatch_endpoint_url: Option<String>,
}

/// A value of a dimension, as CloudWatch takes it.
fn dimension(text: &str) -> Result<String, String> {
    let fits = !text.trim().is_empty() && text.len() <= 1024 && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if fits && !text.starts_with(':') {
        Ok(text.to_owned())
    } else {
        Err("CloudWatch takes 1 to 1024 printable ASCII characters, the first not a colon".to_owned())
    }
}
