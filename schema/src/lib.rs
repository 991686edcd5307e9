//! The contract between `wlc`, `wlx` and every runner: the types of every file that passes between programs or outlives
//! a run, with format versions, units, checked names and exit codes.
//!
//! It does no I/O of its own, and has neither async code nor a command line.

pub mod action;
pub mod baseline;
pub mod checksum;
pub mod client;
pub mod data_medium;
pub mod digest;
pub mod error_kind;
pub mod event;
pub mod exit_code;
pub mod format;
pub mod key_series;
pub mod name;
pub mod naming;
pub mod operation;
pub mod plan;
pub mod record;
pub mod run_key;
pub mod scale;
pub mod source;
pub mod units;
pub mod wall_time;
pub mod workload;

pub use action::Action;
pub use checksum::Checksum;
pub use client::NULL_CLIENT;
pub use data_medium::DataMedium;
pub use digest::WorkloadDigest;
pub use error_kind::{ErrorCount, ErrorKind};
pub use key_series::KeySeries;
pub use name::{BucketName, ObjectKey, WorkloadName};
pub use operation::{Operation, UnknownOperation};
pub use plan::PrepPlan;
pub use run_key::{RunKey, RunKeyError, SessionId};
pub use scale::Scale;
pub use units::{ByteSize, Gbps};
pub use wall_time::{ClockError, WallTime};
pub use workload::{Task, TaskRef, Workload};
