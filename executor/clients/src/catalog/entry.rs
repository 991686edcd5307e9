//! One client of the catalog.

use super::foreign::Foreign;
use crate::command_line::CommandLineClient;
use crate::declaration::Declaration;
use crate::environments::Environment;
use crate::native::ClientId;
use crate::python::PythonClient;

/// A client that can be asked for by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id that people type and records carry (contract 5).
    pub id: String,
    /// What it is, in a few words.
    pub about: String,
    /// What kind of program it is.
    pub kind: Kind,
}

/// What kind of program a client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Inside this program.
    Native(ClientId),
    /// A module of our Python runner.
    Python(&'static PythonClient),
    /// A command-line program that does a workload in one command.
    CommandLine(CommandLineClient),
    /// Any program that speaks the runner protocol.
    Foreign(Foreign),
}

impl Entry {
    /// What it is and can do, where it is a client of ours.
    pub fn declaration(&self) -> Option<&'static Declaration> {
        match &self.kind {
            Kind::Native(client) => Some(client.declaration()),
            Kind::Python(client) => Some(&client.declaration),
            Kind::CommandLine(client) => Some(client.declaration()),
            Kind::Foreign(_) => None,
        }
    }

    /// What it can do, in a few words.
    pub fn capabilities(&self) -> String {
        match self.declaration() {
            Some(declaration) => declaration.capabilities.to_string(),
            None => "what its program says: contract 4".to_owned(),
        }
    }

    /// Whether its requests could leave the endpoint that it is given, so that a run is worth a check first.
    pub fn may_leave_the_endpoint(&self) -> bool {
        // Nobody knows what a program of other makers does.
        self.declaration().is_none_or(|declaration| declaration.capabilities.may_leave_the_endpoint)
    }

    /// The environment below the clients' folder that it needs.
    pub fn environment(&self) -> Option<Environment> {
        match &self.kind {
            Kind::Native(_) | Kind::Foreign(_) => None,
            Kind::Python(client) => Some(client.environment),
            Kind::CommandLine(client) => Some(client.environment()),
        }
    }
}
