//! The floor of the harness and of a machine, and the numbers within reach of it.

mod finding;
mod flags;
mod limits;

pub use finding::{Calibration, VERSION, latest};
pub use flags::{Flag, FlagKind, duration, flags};
pub use limits::{ClockFloor, DiskLimit, LoopbackLimit, NullFloor};
