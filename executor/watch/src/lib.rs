//! Watchers of runs: the live view and the bar in the terminal, the metrics for Prometheus, and CloudWatch.
//!
//! Each is a journal that keeps nothing which must not be lost, so none of them ever fails a run.

mod bar;
mod cloudwatch;
#[cfg(test)]
mod example;
mod live;
mod metrics;
mod watchers;

pub use bar::{Bar, title};
pub use cloudwatch::{CloudWatch, ENDPOINT_VARIABLE, Place, Pusher, instance_type};
pub use live::Live;
pub use metrics::{ListenError, Metrics};
pub use watchers::Watchers;
