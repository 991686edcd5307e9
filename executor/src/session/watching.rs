//! The flags for watchers, the same for every command that runs clients, and the watchers that they name.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use run_watch::{CloudWatch, Live, Metrics, Place, Pusher, Watchers, instance_type};
use wlx_terminal as terminal;

use crate::ending::CommandError;
use crate::settings::Settings;

/// How runs are watched while they are in progress.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Watching")]
pub struct WatchArgs {
    /// Show the run in the terminal instead of a bar: throughput over time, tasks in flight, percentiles
    #[arg(long)]
    pub live: bool,
    /// Serve metrics for Prometheus while it runs, like 127.0.0.1:9464; port 0 takes a free one and says which
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub metrics: Option<SocketAddr>,
    /// At the end, wait at most this many seconds for Prometheus to fetch the last values
    #[arg(long, value_name = "SECONDS", default_value = "0", requires = "metrics")]
    pub metrics_linger: u64,
    /// Push throughput and duration of each good warm repeat to CloudWatch, at the end of each run
    #[arg(long)]
    pub cloudwatch: bool,
    /// Branch of the client that is measured: a dimension in CloudWatch
    #[arg(long, value_name = "NAME", default_value = "unknown", value_parser = dimension, requires = "cloudwatch")]
    pub branch: String,
    /// EC2 instance type: a dimension in CloudWatch [default: what the firmware says, or `unknown`]
    #[arg(long, value_name = "TYPE", value_parser = dimension, requires = "cloudwatch")]
    pub instance_type: Option<String>,
    /// Endpoint of CloudWatch [default: that of the region]; an endpoint of S3 is never used for it
    #[arg(long, value_name = "URL", env = run_watch::ENDPOINT_VARIABLE)]
    pub cloudwatch_endpoint_url: Option<String>,
}

impl WatchArgs {
    /// Opens the watchers that the flags name. The metrics are served from now on.
    pub async fn open(&self, settings: &Settings) -> Result<Watchers, CommandError> {
        let mut watchers = Watchers::default();
        if self.cloudwatch {
            watchers.add_cloudwatch(self.open_cloudwatch(settings).await?);
        }
        if let Some(address) = self.metrics {
            watchers.add_metrics(Metrics::open(address, Duration::from_secs(self.metrics_linger)).await?);
        }
        if self.live {
            if terminal::shows_progress() {
                watchers.add(Live::default());
            } else {
                terminal::note("--live draws nothing: stderr is not a terminal, or progress is not wanted");
            }
        }
        Ok(watchers)
    }

    async fn open_cloudwatch(&self, settings: &Settings) -> Result<CloudWatch, CommandError> {
        if !settings.scale.value.is_one() {
            return Err(CommandError::ScaledCloudWatch);
        }
        let instance_type = self.instance_type.clone().unwrap_or_else(instance_type);
        let place = Place { branch: self.branch.clone(), instance_type };
        let pusher = Pusher::new(&settings.connection(), self.cloudwatch_endpoint_url.as_deref()).await;
        Ok(CloudWatch::new(place, pusher))
    }
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
