//! A fast path for plain requests: a read of an object or of a range, and an upload of an object or a part, each without
//! a signed body. A profile of 64 KiB requests showed half of the server's own time in `s3s`, which routes, looks up 35
//! headers and derives the signing key for each request.
//!
//! The fast path only answers requests that succeed. It leaves everything else to `s3s`: what it does not know, and every
//! request that is refused before its body is read. So only one place decides what is wrong with a request.

mod answer;
mod request;
mod response;
mod signature;

pub(crate) use answer::Plain;
