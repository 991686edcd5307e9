//! `wlx conform`: what each client really does, seen from the other side.
//!
//! Every client runs small forms of workloads against a recording server, which counts what it does: requests,
//! parts and ranges, bytes, checksums, connections. Work that was not asked for is a fault; work that is done
//! in another way than by the reference is a difference. The evidence is stored by client and version, and later
//! comparisons cite it.
//!
//! Deliberately absent: any figure of speed.

mod command;
mod coverage;
mod examine;
mod fault;
mod forms;
mod intervals;
#[cfg(test)]
mod samples;
mod stage;
mod table;
mod work;

pub use command::{ConformArgs, ConformFormat, execute};
