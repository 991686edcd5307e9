//! One client of the catalog.

use super::{Environment, Foreign};
use crate::command_line::CommandLineClient;
use crate::native::ClientId;

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
    Python {
        /// Where its packages are installed.
        environment: Environment,
        /// The package whose version is the client's.
        package: &'static str,
    },
    /// A command-line program that does a workload in one command.
    CommandLine(CommandLineClient),
    /// Any program that speaks the runner protocol.
    Foreign(Foreign),
}

impl Entry {
    /// What it can do that others cannot, or the other way round, in a few words.
    pub fn capabilities(&self) -> String {
        match &self.kind {
            Kind::Native(id) => id.capabilities().to_owned(),
            Kind::Python { .. } => python_capabilities(&self.id).to_owned(),
            Kind::CommandLine(client) => client.capabilities().to_owned(),
            Kind::Foreign(_) => "what its program says: contract 4".to_owned(),
        }
    }

    /// Whether its requests could leave the endpoint that it is given, so that a run is worth a check first.
    pub fn may_leave_the_endpoint(&self) -> bool {
        match &self.kind {
            Kind::Native(id) => id.as_str().starts_with("crt"),
            Kind::Python { .. } => self.id.contains("crt"),
            Kind::CommandLine(client) => *client == CommandLineClient::CliCrt,
            Kind::Foreign(_) => true,
        }
    }

    /// The environments below the clients' folder that it needs.
    pub fn environments(&self) -> Vec<Environment> {
        match &self.kind {
            Kind::Native(_) | Kind::Foreign(_) => Vec::new(),
            Kind::Python { environment, .. } => vec![*environment],
            Kind::CommandLine(client) => vec![client.environment()],
        }
    }
}

fn python_capabilities(id: &str) -> &'static str {
    match id {
        "crt-python" | "boto3-crt" => "all workloads, all checksums",
        "boto3-classic" | "aioboto3" => "all workloads; checksums, but not of downloads above a part",
        "obstore" => "all workloads; SHA256 and CRC64NVME of uploads only",
        _ => "all workloads without a checksum",
    }
}
