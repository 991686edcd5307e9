//! `wlx results`: what was stored, listed, shown and exported.

mod arguments;
mod command;

pub use arguments::{ExportArgs, FilterArgs, Format, ListArgs, ResultsArgs, ResultsCommand, ShowArgs};
pub use command::{ResultsCommandError, run};
