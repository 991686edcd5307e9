//! Looking on while runs go on: in the terminal, by Prometheus, by CloudWatch.

mod arguments;
mod live;
mod metrics;
mod sight;
#[cfg(test)]
pub mod tests;
mod watchers;

pub use arguments::WatchArgs;
pub use sight::{RunBegins, Sight, Watch};
pub use watchers::{WatchError, Watchers};
