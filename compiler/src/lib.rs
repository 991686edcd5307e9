//! `wlc` compiles workload sources to explicit workloads: [`parsed`] -> [`expanded`] -> [`checked`] -> [`compiled`] -> files.
//!
//! Text in, values and diagnostics out; files are touched at the rim only ([`source_set`] and
//! [`emit`]). It knows nothing of buckets, clients or running: it meets `wlx` in the compiled files.

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
