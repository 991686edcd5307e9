//! Records of runs, as they are stored and exported: one per run (one client on one workload), with one entry per repeat.

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
