//! The program behind a command-line client: asked for its version before anything is run.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::CommandLineClient;
use crate::declaration::{Capabilities, Needs, Validation};
use crate::environments::Environment;

/// An installed command-line client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Which one.
    pub client: CommandLineClient,
    /// The file to start.
    pub path: PathBuf,
    /// Its version, as it says it: `aws-cli/2.9.19`, `v2.3.0`.
    pub version: String,
    /// Variables that it is started with.
    pub variables: Vec<(&'static str, OsString)>,
}

/// Why a program cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// It is not installed.
    #[error("{client} is not installed; install it with: wlx clients install {client}")]
    Missing {
        /// Which one.
        client: CommandLineClient,
    },
    /// It does not start, or says nothing of its version.
    #[error("cannot ask {path} for its version: {reason}", path = path.display())]
    NoVersion {
        /// The file.
        path: PathBuf,
        /// What happened.
        reason: String,
    },
    /// It is another program than its id says.
    #[error(
        "{path} is {version}: it has no CRT and would silently use its classic client; cli-crt needs the AWS CLI 2\n\
         hint: wlx clients install cli-crt", path = path.display()
    )]
    NoCrt {
        /// The file.
        path: PathBuf,
        /// What it says it is.
        version: String,
    },
}

impl Program {
    /// `client` in the version that `wlx clients install` installs.
    pub fn pinned(client: CommandLineClient) -> Self {
        let installation = client.installation();
        let pin = |package| installation.environment.version_of(package).expect("a test looks for it");
        let version = (installation.pinned)(installation.package.map(pin).unwrap_or_default());
        Self { client, path: client.as_str().into(), version, variables: Vec::new() }
    }

    /// The program of `client`, asked for its version.
    pub fn find(client: CommandLineClient, clients_dir: &Path, named: Option<&Path>) -> Result<Self, ProgramError> {
        let path = client.program(clients_dir, named).ok_or(ProgramError::Missing { client })?;
        let variables = match client {
            CommandLineClient::CliCrt if client.environment().is_installed(clients_dir) => {
                vec![("PYTHONPATH", Environment::packages_beside_the_aws_cli(clients_dir).into())]
            }
            _ => Vec::new(),
        };
        let version = ask_version(client, &path, &variables)?;
        let program = Self { client, path, version, variables };
        if client == CommandLineClient::CliCrt && program.number().is_none_or(|(major, _)| major < 2) {
            return Err(ProgramError::NoCrt { path: program.path, version: program.version });
        }
        Ok(program)
    }

    /// Major and minor number of its version.
    fn number(&self) -> Option<(u32, u32)> {
        let digits = self.version.trim_start_matches("aws-cli/").trim_start_matches('v');
        let mut numbers = digits.split('.').map_while(|number| number.parse().ok());
        Some((numbers.next()?, numbers.next()?))
    }

    /// Whether its major and minor number are known to be at least `first` and below `end`.
    pub fn is_between(&self, first: (u32, u32), end: (u32, u32)) -> bool {
        self.number().is_some_and(|number| (first..end).contains(&number))
    }

    /// What this version can do. The AWS CLI has a flag for the checksum algorithm since 1.37.0 and 2.23.0.
    pub fn capabilities(&self) -> Capabilities {
        let declared = self.client.declaration().capabilities;
        let has_the_flag = match self.client {
            CommandLineClient::CliClassic => match self.number() {
                Some((1, minor)) => minor >= 37,
                Some(number) => number >= (2, 23),
                None => false,
            },
            CommandLineClient::CliCrt | CommandLineClient::S5cmd | CommandLineClient::Rclone => true,
        };
        if has_the_flag { declared } else { Capabilities { sends: &[], validates: Validation::Nothing, ..declared } }
    }

    /// Whether this version can do work with these needs; the reason where it cannot.
    pub fn covers(&self, needs: &Needs) -> Result<(), String> {
        self.capabilities().covers(needs).map_err(|lack| lack.told_of(self.client, self))
    }

    /// A program of `version` that nobody installed: what the rules say of it can be told without it.
    pub fn not_installed(client: CommandLineClient, version: &str) -> Self {
        Self { client, path: PathBuf::from(client.as_str()), version: version.to_owned(), variables: Vec::new() }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.client, self.version)
    }
}

/// The version of `client` as it is installed, or as it would be.
pub fn installed_version(client: CommandLineClient, clients_dir: &Path, named: Option<&Path>) -> Option<String> {
    match Program::find(client, clients_dir, named) {
        Ok(program) => Some(program.version),
        Err(ProgramError::Missing { .. }) => {
            let installation = client.installation();
            let package = installation.package?;
            installation.environment.version_of(package).map(|version| format!("{package} {version}"))
        }
        Err(_) => None,
    }
}

fn ask_version(
    client: CommandLineClient,
    path: &Path,
    variables: &[(&'static str, OsString)],
) -> Result<String, ProgramError> {
    let installation = client.installation();
    let failed = |reason: String| ProgramError::NoVersion { path: path.to_owned(), reason };
    let output = Command::new(path)
        .arg(installation.version_argument)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .env("RCLONE_CONFIG", "/dev/null")
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let first = text.lines().next().unwrap_or_default();
    let version = (installation.version_in)(first).map(str::to_owned);
    version.ok_or_else(|| failed(format!("it said `{first}` ({})", output.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_say_them() {
        for (client, line, version) in [
            (CommandLineClient::CliCrt, "aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64", Some("aws-cli/2.9.19")),
            (CommandLineClient::S5cmd, "v2.3.0-991c9fb", Some("v2.3.0")),
            (CommandLineClient::Rclone, "rclone v1.60.1-DEV", Some("v1.60.1")),
            (CommandLineClient::Rclone, "bash: rclone", None),
            (CommandLineClient::CliClassic, "", None),
        ] {
            assert_eq!((client.installation().version_in)(line), version, "{line}");
        }
    }

    #[test]
    fn only_newer_aws_clis_set_checksums() {
        for (version, sets) in [
            ("aws-cli/1.36.40", false),
            ("aws-cli/1.37.0", true),
            ("aws-cli/2.9.19", false),
            ("aws-cli/2.22.9", false),
            ("aws-cli/2.23.0", true),
            ("aws-cli/strange", false),
        ] {
            let program = Program::not_installed(CommandLineClient::CliClassic, version);
            assert_eq!(!program.capabilities().sends.is_empty(), sets, "{version}");
        }
        assert!(Program::not_installed(CommandLineClient::S5cmd, "v9.9.9").capabilities().sends.is_empty());
    }

    #[test]
    fn what_is_not_there_is_told_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let error = Program::find(CommandLineClient::S5cmd, folder.path(), None).unwrap_err();
        assert_eq!(error.to_string(), "s5cmd is not installed; install it with: wlx clients install s5cmd");
        let error = Program::find(CommandLineClient::S5cmd, folder.path(), Some(Path::new("/bin/true"))).unwrap_err();
        assert!(matches!(error, ProgramError::NoVersion { .. }), "{error}");
    }
}
