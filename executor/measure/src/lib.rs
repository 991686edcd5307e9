//! What the operating system says of a client's cost: CPU time, memory and threads of its processes, and
//! what the machine did meanwhile.
//!
//! Everything here is read between repeats, never inside a timed section.

pub mod machine;
mod machine_usage;
pub mod own_usage;
mod process_stat;
pub mod process_tree;
mod thread_times;

pub use machine_usage::{MachineCounters, interface_to};
pub use own_usage::{OwnUsage, ended_children_peak, own_usage};
pub use process_tree::{ProcessTree, TreeSample};
pub use thread_times::{ThreadTimes, ThreadsUsage};

/// CPU time so far, or between two moments.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CpuTime {
    /// Seconds in user mode.
    pub user_seconds: f64,
    /// Seconds in the kernel.
    pub system_seconds: f64,
}

impl CpuTime {
    /// The time that went by since `earlier`; never negative.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            user_seconds: (self.user_seconds - earlier.user_seconds).max(0.0),
            system_seconds: (self.system_seconds - earlier.system_seconds).max(0.0),
        }
    }
}
