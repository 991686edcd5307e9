//! The admin calls: what they carry, and a client that makes them.
//!
//! They are HTTP with JSON below `/_admin/` on the server's own port. Each needs the bearer token that the server was
//! started with.
//!
//! | call | request | answer |
//! |---|---|---|
//! | `POST declare` | [`DeclareRequest`] | [`DeclareResponse`] |
//! | `POST recording` | [`RecordingRequest`] | `{}` |
//! | `POST records` | [`RecordsRequest`] | [`RecordsResponse`] |
//! | `POST faults` | [`FaultsRequest`] | [`FaultsResponse`] |
//! | `GET faults` | | [`FaultsResponse`] |
//! | `GET status` | | [`Status`] |
//!
//! A call that is refused is answered with a [`Failure`].

mod call;
mod client;
mod declare;
mod faults;
mod records;
mod status;

pub(crate) use call::{AdminCall, PREFIX};
pub use client::{AdminClient, AdminError};
pub use declare::{DeclareRequest, DeclareResponse, DeclaredObject};
pub use faults::{FaultHits, FaultKind, FaultRule, FaultsRequest, FaultsResponse};
pub use records::{ChecksumPlace, PayloadSigning, RecordingRequest, RecordsRequest, RecordsResponse, RequestRecord};
pub use status::{Failure, Status};
