//! `wlx run`: every client on every workload, one process each, every repeat stored as it ends.

mod bar;
mod child;
mod command;
mod compiled_file;
mod event_pipe;
mod following;
mod guard;
mod lines;
mod one;
mod output;
mod reach;
mod selection;
mod session;
mod summary;
mod tuned;
mod usage;
mod verification;

pub use child::Ended;
pub use command::{RunArgs, RunFormat, run};
pub use compiled_file::CompiledFile;
pub use following::{Following, Step};
pub use guard::{Guard, guard};
pub use one::{Runs, RunsSetup};
pub use selection::{Chosen, Told, client_ids, clients, keep_to_the_endpoint, prepare, workloads};
pub use tuned::{AS_NATIVE, parse as parse_tuned};

pub(crate) use child::Call;
pub(crate) use event_pipe::EventPipe;
pub(crate) use reach::{Reach, probe as reaches};
pub(crate) use verification::{downloads as verified_downloads, uploads as verified_uploads};
