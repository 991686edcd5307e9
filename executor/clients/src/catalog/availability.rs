//! Whether a client can be started here, and what to do where it cannot.

use std::path::{Path, PathBuf};

use super::entry::{Entry, Kind};
use super::table::Catalog;

/// Whether a client is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It can be started.
    Ready,
    /// Something is missing; the command or change that gets it.
    Missing(String),
}

impl Availability {
    /// Whether `entry` can be started.
    pub fn of(entry: &Entry, catalog: &Catalog) -> Self {
        let install = || Self::Missing(format!("wlx clients install {}", entry.id));
        match &entry.kind {
            Kind::Native(client) if client.is_built_in() => Self::Ready,
            Kind::Native(client) => Self::Missing(format!(
                "build wlx with it: cargo build --release --features {}",
                client.native().feature.map(|feature| feature.name).unwrap_or_default()
            )),
            Kind::Python(client) if client.environment.is_installed(catalog.clients_dir()) => Self::Ready,
            Kind::Python(_) => install(),
            Kind::CommandLine(client) => match client.program(catalog.clients_dir(), catalog.program_of(*client)) {
                Some(program) if on_path(&program).is_some() => Self::Ready,
                _ if catalog.program_of(*client).is_some() => {
                    Self::Missing(format!("correct `program` of [clients.{}] in wlx.toml", entry.id))
                }
                _ => install(),
            },
            Kind::Foreign(foreign) if on_path(Path::new(&foreign.command[0])).is_some() => Self::Ready,
            Kind::Foreign(foreign) => Self::Missing(format!(
                "there is no program {}: correct `command` of [clients.{}] in wlx.toml",
                foreign.command[0], entry.id
            )),
        }
    }
}

/// The file that starting `program` would run.
pub fn on_path(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}
