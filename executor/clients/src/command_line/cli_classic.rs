//! The client `cli-classic`: the AWS CLI with its own transfer manager.

use workload_schema::Checksum;

use super::{Installation, aws_cli};
use crate::declaration::{Capabilities, Declaration, Memory, TunedValue, Validation};
use crate::environments::Environment;

/// What it is. Its checksums are those of the releases that have a flag for them.
pub const DECLARATION: Declaration = Declaration {
    id: "cli-classic",
    about: "command line: the AWS CLI, its own transfer manager",
    library: "cli-classic",
    capabilities: Capabilities {
        one_command: true,
        sends: &Checksum::ALL,
        // Seen by serving it a corrupted body: what it reads in ranges it does not validate.
        validates: Validation::UpToAPart,
        from_memory: Memory::OneObject,
        to_memory: Memory::OneObject,
        not_tunable: &[TunedValue::FilesInFlight],
        ..Capabilities::ALL
    },
};

/// How its program is found.
pub const INSTALLATION: Installation = Installation {
    environment: Environment::Awscli,
    package: Some("awscli"),
    version_argument: "--version",
    version_in: aws_cli::version_in,
    pinned: |pin| format!("aws-cli/{pin}"),
    program: |clients_dir| Some(Environment::Awscli.program(clients_dir, "aws")),
};
