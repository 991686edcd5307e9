//! The client `cli-crt`: the AWS CLI 2 of the system over the AWS CRT.

use super::{Installation, aws_cli};
use crate::declaration::{Capabilities, Declaration, Memory, TunedValue, Validation};
use crate::environments::{Environment, SYSTEM_AWS_CLI};

/// What it is.
pub const DECLARATION: Declaration = Declaration {
    id: "cli-crt",
    about: "command line: the AWS CLI 2 over the AWS CRT (needs apt and root)",
    library: "cli-crt",
    capabilities: Capabilities {
        one_command: true,
        // No release was seen to pass the algorithm on to the CRT.
        sends: &[],
        validates: Validation::Nothing,
        // Seen in the sources of 2.9.19: a stream gets the default transfer client, whatever is preferred.
        from_memory: Memory::None,
        to_memory: Memory::None,
        memory_limit: Some("the AWS CLI does that by its classic client"),
        not_tunable: &[TunedValue::Connections, TunedValue::FilesInFlight],
        may_leave_the_endpoint: true,
        ..Capabilities::ALL
    },
};

/// How its program is found.
pub const INSTALLATION: Installation = Installation {
    environment: Environment::Awscrt,
    // Its version is that of the system's AWS CLI.
    package: None,
    version_argument: "--version",
    version_in: aws_cli::version_in,
    // That of Debian 12: the system's package is what it is.
    pinned: |_| "aws-cli/2.9.19".to_owned(),
    program: |_| Some(SYSTEM_AWS_CLI.into()),
};
