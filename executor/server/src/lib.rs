//! An S3 protocol server for loopback, to try things, to test and to calibrate: not a claim about S3.
//!
//! Signatures are checked, state is kept on disk, and content that is synthetic (a function of its key, see the crate
//! `synthetic-content`) costs no disk and no transfer to make. Through the [`admin`] calls it declares objects,
//! records what clients do, and misbehaves on order.
//!
//! Deliberately absent: any listener beyond loopback, versioning, encryption, policies, more than one user.

pub mod admin;
pub mod bare;
mod checksum;
mod clock;
mod config;
mod connection;
mod error;
mod etag;
mod fault;
mod front;
mod lent_body;
mod observed_body;
mod operation;
mod recorder;
mod s3;
mod server;
mod sigv4;
mod store;

pub use checksum::ChecksumAlgorithm;
pub use config::{Credentials, ServerConfig};
pub use error::ServerError;
pub use server::{RunningServer, start};
