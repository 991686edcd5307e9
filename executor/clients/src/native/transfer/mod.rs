//! Transfers of clients that send single requests: objects are cut into parts and ranges here, and the requests of all
//! tasks share one limit.
//!
//! A client gives its requests as [`Requests`]; [`TransferClient`] makes a client of them. Calls are resolved when the
//! program is built, and nothing is boxed but the future of a whole task.

mod body;
mod client;
mod download;
mod part;
mod read;
mod requests;
mod running;
mod shared;
mod upload;

pub use body::Body;
pub use client::TransferClient;
pub use part::Part;
pub use requests::{Answer, Requests};
