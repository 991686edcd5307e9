//! A bare client: hyper and Signature V4 with `UNSIGNED-PAYLOAD`, nothing else. What it reaches against a server is the limit
//! that other clients are measured against; the tests use it to say exactly what is on the wire.
//!
//! Deliberately absent: retries, redirects, checksums, XML, a pool. One connection has one request under way.

mod body;
mod client;
mod sign;

pub use body::BareBody;
pub use client::{BareClient, BareConnection, BareError, BareRequest};
