//! The terminal: the one owner of stdout and stderr, and tables for people.

mod grid;
mod output;
mod wrap;

pub use grid::{Column, Grid};
pub use output::{
    Panel, Progress, byte_bar, configure, data, error, hint, note, shows_progress, stderr_line, warning, width,
};
pub use wrap::wrap;
