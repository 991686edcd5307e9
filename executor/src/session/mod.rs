//! A session: all runs of one command, reported to one journal. `wlx run` and `wlx compare` have one. What they and
//! `wlx conform` need before the first run is here as well.

mod compiled_file;
mod conditions;
mod endpoint_check;
mod environment;
mod journal;
mod results_journal;
mod runs;
mod selection;
mod tuned;
mod verification;
mod watching;

pub use compiled_file::CompiledFile;
pub use endpoint_check::{Reach, check_endpoint, endpoint_refusals};
pub use environment::variables;
pub use runs::{Session, SessionSetup};
pub use selection::{Chosen, client_ids, clients, prepare, workloads};
pub use tuned::{AS_NATIVE, parse as parse_tuned};
pub use verification::{downloads as verified_downloads, uploads as verified_uploads};
pub use watching::WatchArgs;
