//! What a client is to do, as the programs work with it: objects, and phases whose steps refer to them.
//!
//! It knows no file format; [`crate::format`] reads and writes files. In version 2 of the workload format there is one
//! measured phase, its load is a closed loop, and each task is one step. Later versions add values to these types.

mod object;
mod phase;
mod step;
mod task;
#[expect(clippy::module_inception, reason = "the file is named for its one noun")]
mod workload;

pub use object::{Object, ObjectIndex, ObjectSet, TooManyObjects};
pub use phase::{Load, Phase, Role, Stop};
pub use step::{IntendedStart, Step};
pub use task::{Task, TaskRef, Tasks};
pub use workload::{Workload, WorkloadError};
