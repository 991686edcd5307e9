//! The compiled workload: `NAME.run.json`, an explicit list of tasks.
//!
//! Version 2 is the format that every runner of the existing S3 client teams reads. Version 3 is written only where
//! version 2 cannot say something (today: the CRC64NVME checksum).

mod file;
mod read;
mod write;

pub use file::{NEWEST_VERSION, OLDEST_VERSION, RunFile, TaskEntry};
pub use read::{ReadError, read};
pub use write::{Inexpressible, RunHead, TaskGroup, bytes, length, write};
