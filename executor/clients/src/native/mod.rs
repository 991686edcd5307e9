//! The S3 clients that this program carries itself: one trait in our own words, one folder or file per client.

mod client;
mod concurrency;
#[cfg(any(feature = "crt", feature = "transfer-manager"))]
mod contiguous;
#[cfg(test)]
mod contract;
mod crate_version;
mod crt_rust;
mod declaration;
mod file_sink;
mod hyper;
mod null;
mod object_store;
mod open_uploads;
mod registry;
mod sdk_rust;
mod synthetic_body;
#[cfg(test)]
mod testing;
mod transfer;
mod transfer_manager;

pub use crate::part_size::PartSize;
pub use client::{Client, ClientSettings, DataPlace, Job, MakeError, Moved, TaskDone, TaskFuture};
pub use concurrency::connections_for;
pub use declaration::{Feature, NativeDeclaration};
pub use registry::{ClientId, UnknownClient};
