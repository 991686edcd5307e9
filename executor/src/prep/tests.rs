//! Preparing against a real server in this process.

mod bucket;
mod faults;
mod files;
pub(crate) mod fixture;
mod lifecycle;
mod objects;
