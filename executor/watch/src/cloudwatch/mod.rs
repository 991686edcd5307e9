//! CloudWatch: the numbers of good repeats, pushed as contract 7 names them, at the end of each run.
//!
//! Nothing is pushed while a client is measured, and nothing is lost where a push fails: everything is in the results file.

mod batch;
mod instance;
mod push;
mod query;
#[cfg(test)]
mod tests;
mod watcher;

pub use batch::Place;
pub use instance::instance_type;
pub use push::{ENDPOINT_VARIABLE, Pusher};
pub use watcher::CloudWatch;
