//! All who look on at one command: told everything in turn, and waited for at its end.

use std::time::{Duration, SystemTime};

use super::arguments::WatchArgs;
use super::live::Live;
use super::metrics::{Endpoint, ListenError, Tally};
use super::sight::{Sight, Watch};
use crate::cloudwatch::{Batches, Place, Pusher, instance_type};
use crate::settings::Settings;
use client_runner::Cancelled;
use run_records::results_file::RunId;
use wlx_terminal as terminal;

/// Why those who were asked for cannot look on. Nothing has run yet.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// `--metrics`.
    #[error(transparent)]
    Metrics(#[from] ListenError),
    /// `--cloudwatch` with `--scale`: dimensions do not tell shrunk workloads from whole ones.
    #[error(
        "--cloudwatch takes no shrunk workloads: their numbers would be among those of the whole ones\nhint: leave out --scale"
    )]
    Scaled,
}

/// Those who were asked for on the command line.
#[derive(Default)]
pub struct Watchers {
    all: Vec<Box<dyn Watch>>,
    metrics: Option<(Endpoint, Duration)>,
    cloudwatch: Option<(Batches, Pusher)>,
}

impl Watchers {
    /// Nobody looks on.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// Those whom `args` name. The address of the metrics is listened on from now.
    pub async fn open(args: &WatchArgs, settings: &Settings) -> Result<Self, WatchError> {
        let mut watchers = Self::nobody();
        if args.cloudwatch {
            if !settings.scale.value.is_one() {
                return Err(WatchError::Scaled);
            }
            let instance_type = args.instance_type.clone().unwrap_or_else(instance_type);
            let place = Place { branch: args.branch.clone(), instance_type };
            let pusher = Pusher::new(settings, args.cloudwatch_endpoint_url.as_deref()).await;
            watchers.cloudwatch = Some((Batches::new(place), pusher));
        }
        if let Some(address) = args.metrics {
            let tally = Tally::default();
            let endpoint = Endpoint::open(address, tally.values().register()).await?;
            terminal::note(&format!("metrics: http://{}/metrics", endpoint.address()));
            watchers.metrics = Some((endpoint, Duration::from_secs(args.metrics_linger)));
            watchers.add(tally);
        }
        if args.live {
            if terminal::shows_progress() {
                watchers.add(Live::default());
            } else {
                terminal::note("--live draws nothing: stderr is not a terminal, or progress is not wanted");
            }
        }
        Ok(watchers)
    }

    /// Adds one.
    pub fn add(&mut self, watch: impl Watch + 'static) {
        self.all.push(Box::new(watch));
    }

    /// Tells everybody.
    pub fn see(&mut self, run: RunId, sight: &Sight<'_>) {
        for watch in &mut self.all {
            watch.see(run, sight);
        }
        if let Some((batches, _)) = &mut self.cloudwatch {
            batches.see(run, sight, SystemTime::now());
        }
    }

    /// Does what takes time, now that no client is measured. What goes wrong is a warning: the numbers are stored.
    pub async fn between_runs(&mut self) {
        let Some((batches, pusher)) = &mut self.cloudwatch else { return };
        for batch in batches.take() {
            if let Err(error) = pusher.push(&batch).await {
                let [(_, client), _, _, (_, workload), _] = &batch.dimensions;
                terminal::warning(&format!("{workload} by {client}: {error}; the results are stored all the same"));
            }
        }
    }

    /// The end of all runs: the view goes, the rest is pushed, and the last values wait to be fetched.
    pub async fn finish(mut self, cancelled: &mut Cancelled) {
        self.all.clear();
        self.between_runs().await;
        if let Some((endpoint, linger)) = self.metrics.take() {
            if !linger.is_zero() {
                tokio::select! {
                    () = endpoint.last_scrape() => {}
                    () = tokio::time::sleep(linger) => {
                        let seconds = linger.as_secs();
                        terminal::warning(&format!("nobody fetched the last metrics within {seconds} s"));
                    }
                    () = cancelled.wait() => {}
                }
            }
            endpoint.close().await;
        }
    }
}
