//! How a store is reached, and what its answers and failures mean.

mod child_credentials;
mod classify;
mod connection;
mod counters;
mod failure;
mod request_counter;
mod words;

pub use classify::error_chain;
pub use classify::{failure_of, failure_of_answer};
pub use connection::{Connection, StaticCredentials};
pub use counters::Counters;
pub use failure::{Failure, tally};
pub use request_counter::RequestCounter;
pub use words::kind_of_words;
