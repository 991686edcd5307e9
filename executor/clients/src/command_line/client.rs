//! The command-line clients by id.

use std::fmt;
use std::path::{Path, PathBuf};

use super::installation::Installation;
use super::{cli_classic, cli_crt, rclone, s5cmd};
use crate::declaration::Declaration;
use crate::environments::Environment;

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

    /// What it is and can do.
    pub fn declaration(self) -> &'static Declaration {
        match self {
            Self::CliClassic => &cli_classic::DECLARATION,
            Self::CliCrt => &cli_crt::DECLARATION,
            Self::S5cmd => &s5cmd::DECLARATION,
            Self::Rclone => &rclone::DECLARATION,
        }
    }

    /// How its program is found.
    pub fn installation(self) -> &'static Installation {
        match self {
            Self::CliClassic => &cli_classic::INSTALLATION,
            Self::CliCrt => &cli_crt::INSTALLATION,
            Self::S5cmd => &s5cmd::INSTALLATION,
            Self::Rclone => &rclone::INSTALLATION,
        }
    }

    /// The id as contract 5 spells it.
    pub fn as_str(self) -> &'static str {
        self.declaration().id
    }

    /// The client `id` names.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|client| client.as_str() == id)
    }

    /// Where it is installed.
    pub fn environment(self) -> Environment {
        self.installation().environment
    }

    /// The file to start: the one that the settings name, or the installed one. None where nothing is installed.
    pub fn program(self, clients_dir: &Path, named: Option<&Path>) -> Option<PathBuf> {
        if let Some(named) = named {
            return Some(named.to_owned());
        }
        let installation = self.installation();
        if !installation.environment.is_installed(clients_dir) {
            return None;
        }
        (installation.program)(clients_dir)
    }
}

impl fmt::Display for CommandLineClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
