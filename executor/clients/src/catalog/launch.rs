//! The command that starts a client's runner, and what its environment needs beside the store.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::entry::{Entry, Kind};
use super::table::Catalog;
use crate::python::{self, PythonClient};

/// Folder of everything that wlx keeps, below the working directory.
pub const STATE_DIR: &str = ".wlx";
/// Folder of installed clients, below [`STATE_DIR`].
pub const CLIENTS_DIR: &str = "clients";
/// Names the folder of the clients' environments; `.wlx/clients` in the working directory if unset.
pub const CLIENTS_DIR_VARIABLE: &str = "WLX_CLIENTS_DIR";
/// Names the program of a command-line client, instead of the installed one.
pub const PROGRAM_VARIABLE: &str = "WLX_CLIENT_PROGRAM";

/// The clients' folder, for a runner, which reads no settings.
pub fn clients_dir_from_environment() -> PathBuf {
    std::env::var_os(CLIENTS_DIR_VARIABLE)
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| PathBuf::from(STATE_DIR).join(CLIENTS_DIR), PathBuf::from)
}

/// How a runner is started: everything before the arguments of contract 4 that name the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments; the last is `S3_CLIENT`.
    pub arguments: Vec<OsString>,
    /// Variables of its environment.
    pub variables: Vec<(&'static str, OsString)>,
}

impl Launch {
    /// How `entry` is started.
    pub fn of(entry: &Entry, catalog: &Catalog) -> std::io::Result<Self> {
        let own = |id: &str, variables| -> std::io::Result<Self> {
            Ok(Self { program: std::env::current_exe()?, arguments: vec!["runner".into(), id.into()], variables })
        };
        match &entry.kind {
            Kind::Native(client) => own(client.as_str(), Vec::new()),
            Kind::CommandLine(client) => {
                let mut variables = vec![(CLIENTS_DIR_VARIABLE, catalog.clients_dir().into())];
                variables.extend(catalog.program_of(*client).map(|program| (PROGRAM_VARIABLE, program.into())));
                own(client.as_str(), variables)
            }
            Kind::Python(client) => python_runner(client, catalog.clients_dir()),
            Kind::Foreign(foreign) => Ok(Self {
                program: (&foreign.command[0]).into(),
                arguments: foreign.command[1..].iter().chain([&foreign.passed_id]).map(OsString::from).collect(),
                variables: Vec::new(),
            }),
        }
    }
}

fn python_runner(client: &PythonClient, clients_dir: &Path) -> std::io::Result<Launch> {
    let runner = python::write(clients_dir)?;
    Ok(Launch {
        program: client.environment.python(clients_dir),
        // -B: nothing is written beside the sources, which several runners share.
        arguments: vec!["-B".into(), runner.into(), client.declaration.id.into()],
        variables: Vec::new(),
    })
}

/// Becomes the Python runner, for drivers that start `wlx runner` with the id of a Python client; `arguments` are those
/// of contract 4 after the id. Returns only where that failed, with the reason.
pub fn replace_by_python_runner(
    client: &PythonClient,
    arguments: impl IntoIterator<Item: AsRef<OsStr>>,
    clients_dir: &Path,
) -> String {
    let id = client.declaration.id;
    if !client.environment.is_installed(clients_dir) {
        return format!(
            "{id} is not installed in {}; install it with: wlx clients install {id}",
            clients_dir.display()
        );
    }
    let launch = match python_runner(client, clients_dir) {
        Ok(launch) => launch,
        Err(error) => return format!("cannot write the Python runner below {}: {error}", clients_dir.display()),
    };
    let error = Command::new(&launch.program).args(&launch.arguments).args(arguments).exec();
    format!("cannot start {}: {error}", launch.program.display())
}
