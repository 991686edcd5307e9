//! The runs as Prometheus sees them: counted, and served over HTTP.

mod endpoint;
mod tally;
#[cfg(test)]
mod tests;
mod values;
mod watcher;

pub use endpoint::ListenError;
pub use watcher::Metrics;
