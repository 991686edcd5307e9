//! The compiled workloads: found by name, older spelling or path, read, checked and scaled.

mod load;
mod lookup;

pub use load::{LoadError, LoadedWorkload};
pub use lookup::{Library, LookupError};
