//! A server for the S3 protocol on loopback addresses. It is for experiments, tests and calibration, and makes no claim
//! about the speed of S3 itself.
//!
//! It verifies signatures and keeps its state on disk. Synthetic content (a function of its key, see the crate
//! `synthetic-content`) takes no disk space, and needs no transfer to exist. With the [`admin`] calls, objects are
//! declared, requests are recorded and faults are injected.
//!
//! Deliberately absent: any listener beyond loopback, versioning, encryption, policies, more than one user.

pub mod admin;
pub mod bare;
mod checksum;
mod clock;
mod config;
mod error;
mod faults;
mod http_service;
mod objects;
mod operation;
mod recorder;
mod s3;
mod server;
mod sigv4;
mod stop;

pub use checksum::ChecksumAlgorithm;
pub use config::{Credentials, ServerConfig};
pub use error::ServerError;
pub use server::{RunningServer, start};
