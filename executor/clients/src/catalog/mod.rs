//! Every client that `wlx run` can start: what it is, what it needs, and the command that starts it.
//!
//! One process per client, whatever it is written in: the native ones and the command-line ones are this very
//! program (`wlx runner ID`), the Python ones a runner program of ours, foreign ones whatever `wlx.toml` says.
//! Deliberately absent: how a client does its work.

mod availability;
mod entry;
mod foreign;
mod launch;
mod table;

pub use availability::Availability;
pub use entry::{Entry, Kind};
pub use foreign::{ClientSection, Foreign};
pub use launch::{
    CLIENTS_DIR, CLIENTS_DIR_VARIABLE, Launch, PROGRAM_VARIABLE, STATE_DIR, clients_dir_from_environment,
    replace_by_python_runner,
};
pub use table::{ALL, Catalog, CatalogError, own_id};

pub use crate::environments::{Environment, InstallError, install};
