//! Looking on while runs go on: in the terminal, by Prometheus, by CloudWatch.

mod live;
mod metrics;
mod sight;
#[cfg(test)]
mod tests;
mod watchers;

pub use live::Live;
pub use metrics::{Endpoint, Tally};
pub use sight::{RunBegins, Sight, Watch};
pub use watchers::Watchers;
