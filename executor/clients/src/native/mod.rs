//! The S3 clients that this program carries itself: one trait in our own words, one folder or file a client.

mod client;
mod concurrency;
#[cfg(any(feature = "crt", feature = "transfer-manager"))]
mod contiguous;
#[cfg(all(test, any(feature = "crt", feature = "object-store", feature = "transfer-manager")))]
mod contract;
mod crate_version;
#[cfg(feature = "crt")]
mod crt_rust;
mod file_sink;
mod hyper;
mod null;
#[cfg(feature = "object-store")]
mod object_store;
mod open_uploads;
mod part_size;
mod registry;
mod sdk_rust;
mod synthetic_body;
#[cfg(test)]
mod testing;
#[cfg(feature = "transfer-manager")]
mod transfer_manager;

pub use client::{Client, ClientSettings, DataPlace, Job, Moved, TaskDone, TaskFuture};
pub use concurrency::connections_for;
pub use part_size::PartSize;
pub use registry::{ClientId, MakeError, UnknownClient};
