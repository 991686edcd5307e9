//! A bare client: hyper and Signature Version 4 with `UNSIGNED-PAYLOAD`, and nothing else. Its throughput is the limit that
//! other clients are measured against. Tests use it because they decide exactly what is sent.
//!
//! Deliberately absent: retries, redirects, checksums, XML, a pool. A connection has one request at a time.

mod body;
mod client;
mod sign;

pub use body::BareBody;
pub use client::{BareClient, BareConnection, BareError, BareRequest};
