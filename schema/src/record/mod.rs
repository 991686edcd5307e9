//! The record of a run as it is stored and exported: one entry per run (one client on one workload), and in it one per
//! repeat.

mod conditions;
mod repeat;
mod run;
mod store_kind;
mod task;
mod usage;

pub use conditions::RunConditions;
pub use repeat::{RepeatRecord, SeriesPoint};
pub use run::{Direction, Machine, Outcome, RunExport, RunRecord, VERSION};
pub use store_kind::StoreKind;
pub use task::TaskRecord;
pub use usage::{MachineUsage, Usage};
