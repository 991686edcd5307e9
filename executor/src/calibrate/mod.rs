//! `wlx calibrate`: the floor of the harness and of this machine, so that a number near it can be flagged.
//!
//! What a repeat costs when no byte moves, what loopback and the disk of the files directory can carry, and how fine
//! the clock is. Each is measured several times and stored with the machine.
//!
//! Deliberately absent: any tuning of the machine, and any verdict on a client.

mod clock;
mod command;
mod disk;
mod loopback;
mod null_floor;
mod show;

pub use command::{CalibrateArgs, CalibrateFormat, run};
