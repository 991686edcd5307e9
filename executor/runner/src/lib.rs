//! `wlx runner`: one client on one workload in one process, by the runner protocol (contract 4), and by its
//! extended form where the environment asks for it.

mod control;
mod events;
mod jobs;
pub mod one_command;
mod prepare;
pub mod repeat;
mod samples;
mod session;
mod signals;
mod work;

pub use session::{RunnerArgs, run};
pub use signals::cancel_on_signals;
