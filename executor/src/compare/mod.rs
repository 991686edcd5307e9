//! `wlx compare`: clients take turns on the same work, warm, until it is known whether they differ; or what was stored is
//! held against a baseline.

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
