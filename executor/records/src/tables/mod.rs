//! Stored runs as text for people: `wlx results list|show`, and the table at the end of `wlx run`.
//!
//! A failed repeat is shown with its causes and is in no figure.

mod cell;
mod context;
mod latency;
mod remarks;
mod runs;
mod show;
mod usage;

pub use cell::figure as significant;
pub(crate) use cell::{figure, figure_or_dash, interval, mebibytes_or_dash, plain};
pub use context::Context;
pub(crate) use latency::milliseconds_or_dash;
pub(crate) use remarks::{marks, ranges, remarks_of};
pub(crate) use runs::outcome;
pub use runs::{list_table, summary_table, summary_table_within};
pub use show::show;
pub(crate) use show::{configuration, machine, state};
