//! S3 clients under one contract: how a store is reached and what its failures mean, the clients that this program
//! carries itself, and the catalogue of all clients that `wlx` can start.

pub mod catalog;
pub mod command_line;
pub mod declaration;
pub mod endpoint;
pub mod environments;
pub mod integrity;
pub mod native;
mod part_size;
pub mod python;

pub use endpoint::Counters;
pub use native::{
    Client, ClientId, ClientSettings, DataPlace, Job, MakeError, Moved, PartSize, TaskDone, TaskFuture, UnknownClient,
    connections_for,
};
