//! Looking on while runs go on: in the terminal, by Prometheus, by CloudWatch.

mod arguments;
#[cfg(test)]
pub(crate) mod example;
mod live;
mod metrics;
mod sight;
mod watchers;

pub use arguments::WatchArgs;
pub use sight::{RunBegins, Sight, Watch};
pub use watchers::{WatchError, Watchers};
