//! An object that workloads need.

use workload_schema::ObjectKey;

use crate::prep::Need;

/// An object that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its key.
    pub key: ObjectKey,
    /// What it must look like.
    pub need: Need,
}
