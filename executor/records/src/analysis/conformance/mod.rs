//! What clients were seen to do (`wlx conform`), and what two of them did differently.

mod difference;
mod evidence;
mod fault;
mod work;

pub use difference::{Difference, Level, differences};
pub use evidence::{Asked, Evidence, FormEvidence, REFERENCE, VERSION, evidence};
pub use fault::{Fault, FaultKind};
pub use work::{LISTS, NO_CHECKSUM, READ, WRITES, Work};
