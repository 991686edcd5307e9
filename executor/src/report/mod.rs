//! `wlx report`: stored runs as one HTML page.

mod arguments;
mod command;

pub use arguments::ReportArgs;
pub use command::run;
