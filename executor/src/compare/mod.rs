//! `wlx compare`: warm clients take turns on the same work until it is known whether they differ. Or stored runs are
//! compared with a baseline.

mod against_baseline;
mod arguments;
mod command;
mod order;
mod outcome;
mod selection;
mod show;
mod sides;
mod stop_rule;
mod turns;

pub use arguments::CompareArgs;
pub use command::run;
pub use outcome::{Comparison, Side};
