//! What a client is to do, as the programs work with it: objects, and phases whose steps refer to them.
//!
//! It knows no file format; [`crate::format`] reads and writes those. Version 2 of the workload format has one measured
//! phase, a closed loop, and one step for each task. What later versions say are further values of these types.

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
