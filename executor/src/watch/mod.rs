//! Looking on while runs go on: in the terminal, by Prometheus, by CloudWatch.

mod live;
mod sight;
#[cfg(test)]
mod tests;
mod watchers;

pub use live::Live;
pub use sight::{RunBegins, Sight, Watch};
pub use watchers::Watchers;
