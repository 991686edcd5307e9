//! The admin calls: HTTP with JSON below `/_admin/` on the server's own port, with the bearer token of its start.
//!
//! | call | request | answer |
//! |---|---|---|
//! | `POST declare` | [`DeclareRequest`] | [`DeclareResponse`] |
//! | `POST recording` | [`RecordingRequest`] | `{}` |
//! | `POST records` | [`RecordsRequest`] | [`RecordsResponse`] |
//! | `POST faults` | [`FaultsRequest`] | [`FaultsResponse`] |
//! | `GET faults` | | [`FaultsResponse`] |
//! | `GET status` | | [`Status`] |

mod client;
mod faults;
mod handler;
mod records;
mod types;

pub use client::{AdminClient, AdminError};
pub use faults::{FaultHits, FaultKind, FaultRule, FaultsRequest, FaultsResponse};
pub(crate) use handler::{Admin, PREFIX};
pub use records::{ChecksumPlace, PayloadSigning, RecordingRequest, RecordsRequest, RecordsResponse, RequestRecord};
pub use types::{DeclareRequest, DeclareResponse, DeclaredObject, Failure, Status};
