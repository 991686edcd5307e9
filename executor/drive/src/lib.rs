//! Drives runner processes: starts one, tells it what a script says, follows it to its end, and tells a journal.
//!
//! It knows the protocol of contract 4 and nothing of stores, clients or results files: who starts a runner names the
//! program and its environment, and what becomes of the events is the journal's affair.

mod call;
mod child;
mod drive;
mod error;
mod event_pipe;
mod following;
mod guard;
mod journal;
mod lines;
mod outcome;
mod output;
mod plain;
mod script;
#[cfg(test)]
mod tests;
mod usage;
mod wall_clock;

pub use call::Call;
pub use drive::{Drive, drive};
pub use error::DriveError;
pub use guard::{Guard, guard};
pub use journal::{Discard, Journal, JournalError, RunBegins, RunEvent};
pub use outcome::{Driven, Over};
pub use script::{Course, Script, Times, Word};
