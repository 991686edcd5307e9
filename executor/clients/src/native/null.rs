//! The client `null`: does no I/O, so that its time is the floor of our own measuring.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use workload_schema::NULL_CLIENT;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello, PROTOCOL_VERSION};

use super::{Client, Job, Moved, NativeDeclaration, TaskDone, TaskFuture};
use crate::declaration::{Capabilities, Declaration, TunedValue};
use crate::endpoint::Counters;

/// What it is and can do: everything, as it does nothing.
pub const DECLARATION: NativeDeclaration = NativeDeclaration {
    declaration: Declaration {
        id: NULL_CLIENT,
        about: "no I/O at all: the floor of our own measuring",
        library: "wlx",
        capabilities: Capabilities {
            not_tunable: &[TunedValue::PartSize, TunedValue::Connections, TunedValue::FilesInFlight],
            ..Capabilities::ALL
        },
    },
    feature: None,
    version: || env!("CARGO_PKG_VERSION").to_owned(),
};

/// The client that moves nothing.
#[derive(Debug)]
pub struct NullClient;

impl NullClient {
    /// There is nothing to set.
    pub fn new() -> Self {
        Self
    }
}

impl Client for NullClient {
    fn hello(&self) -> Hello {
        Hello {
            protocol_version: PROTOCOL_VERSION,
            client: NULL_CLIENT.to_owned(),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
            tasks_in_flight: Some(1),
            connections: Some(0),
            part_size_bytes: None,
            checksum_placement: Some(ChecksumPlacement::None),
            buffer_residency: Some(BufferResidency::Streamed),
            process_start_timed: false,
            verifies_content: false,
        }
    }

    fn counters(&self) -> Counters {
        Counters { requests: Some(0), retries: Some(0), backoff: None }
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        moved.add(job.size);
        let done = TaskDone { bytes: job.size, first_byte: None };
        async move { Ok(done) }.boxed()
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        async { 0 }.boxed()
    }
}
