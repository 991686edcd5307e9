//! `wlc` compiles workload sources to explicit workloads: [`parsed`] -> [`expanded`] -> [`checked`] -> [`compiled`] -> files.
//!
//! The stages take text and return values and diagnostics; only [`source_set`] and [`emit`] touch files. `wlc` knows
//! nothing about buckets, clients or running: it meets `wlx` in the compiled files.

pub mod check;
pub mod checked;
pub mod cli;
pub mod command;
pub mod compiled;
pub mod contents;
pub mod emit;
pub mod expand;
pub mod expanded;
pub mod id;
pub mod limits;
pub mod parsed;
pub mod source_set;

pub use command::run_from_env;
