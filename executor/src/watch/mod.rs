//! Looking on while runs go on: in the terminal, by Prometheus, by CloudWatch.

mod sight;
mod watchers;

pub use sight::{RunBegins, Sight, Watch};
pub use watchers::Watchers;
