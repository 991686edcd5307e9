//! `wlx conform`: what each client really does, seen from the other side.
//!
//! Every client is run on small forms of workloads against a recording server, and what it did is counted: requests,
//! parts and ranges, bytes, checksums, connections. What is not the work that was asked for is a fault; what is done
//! in another way than the reference does it is a difference. The evidence is stored by client and version, and later
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
