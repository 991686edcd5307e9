//! The contract between `wlc`, `wlx` and every runner: the types of each file that passes between
//! programs or outlives a run, with format versions, units, checked names and exit codes.
//!
//! No I/O, no async and no command line here: text in, values or errors out.

pub mod baseline;
pub mod client;
pub mod digest;
pub mod event;
pub mod exit_code;
pub mod name;
pub mod plan;
pub mod record;
pub mod scale;
pub mod source;
pub mod units;
pub mod workload;

pub use client::NULL_CLIENT;
pub use digest::WorkloadDigest;
pub use name::{BucketName, ObjectKey, WorkloadName};
pub use plan::PrepPlan;
pub use scale::Scale;
pub use units::{ByteSize, Gbps};
pub use workload::{Action, Checksum, Task, Workload};
