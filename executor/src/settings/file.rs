//! `wlx.toml`: the settings file in the working directory, or the one named by `--config`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use s3_clients::catalog::ClientSection;

/// Name of the settings file that is read by default.
pub const DEFAULT_NAME: &str = "wlx.toml";

/// What the file can say. Names are those of the flags.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SettingsFile {
    /// See `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// See `--bucket`.
    pub bucket: Option<String>,
    /// See `--region`.
    pub region: Option<String>,
    /// See `--profile`.
    pub profile: Option<String>,
    /// See `--files-dir`.
    pub files_dir: Option<PathBuf>,
    /// See `--workloads-dir`.
    pub workloads_dir: Option<PathBuf>,
    /// See `--target-throughput`; in gigabit/s.
    pub target_throughput: Option<f64>,
    /// See `--db`.
    pub db: Option<PathBuf>,
    /// See `--clients-dir`.
    pub clients_dir: Option<PathBuf>,
    /// Foreign clients, and other copies of the command-line clients, by id.
    #[serde(default)]
    pub clients: BTreeMap<String, ClientSection>,
}

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file exists and cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML, or has an unknown key; the message has the line and an excerpt.
    #[error("{path}: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
}

impl SettingsFile {
    /// Reads `named`, which must exist, or else [`DEFAULT_NAME`] below `directory` where that exists.
    /// Relative paths in the file are taken from the file's folder.
    pub fn load(named: Option<&Path>, directory: &Path) -> Result<Option<(PathBuf, Self)>, FileError> {
        let path = named.map_or_else(|| directory.join(DEFAULT_NAME), Path::to_owned);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(source) => return Err(FileError::Read { path, source }),
        };
        let mut file: Self = toml::from_str(&text)
            .map_err(|source| FileError::Parse { path: path.clone(), source: Box::new(source) })?;
        let base = path.parent().unwrap_or(Path::new(""));
        for relative in
            [&mut file.files_dir, &mut file.workloads_dir, &mut file.db, &mut file.clients_dir].into_iter().flatten()
        {
            *relative = base.join(&*relative);
        }
        Ok(Some((path, file)))
    }
}
