//! Baselines as files: one JSON document each below `.wlx/baselines/`, written whole. One can be copied, committed, or
//! kept in the cache of a build service.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use whole_file::WholeFile;
use workload_schema::baseline::{Baseline, VERSION};

/// What follows the name in a file's name.
const ENDING: &str = ".json";

/// Why a baseline cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// A name that is none.
    #[error("`{0}` is no name for a baseline: letters, digits, `.`, `_` and `-`, not beginning with a dot")]
    Name(String),
    /// There is none of this name.
    #[error("there is no baseline `{name}` ({})\nhint: save one: wlx baseline save {name}", path.display())]
    Unknown {
        /// Its name.
        name: String,
        /// Where it would be.
        path: PathBuf,
    },
    /// There is one already.
    #[error("there is a baseline `{0}` already\nhint: take another name, or wlx baseline save {0} --replace")]
    Exists(String),
    /// The file could not be read or written.
    #[error("{doing} {}: {source}", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not a baseline.
    #[error("{} is not a baseline: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: serde_json::Error,
    },
    /// It was written by a later release.
    #[error("{} is a baseline of version {found}; this wlx reads version {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
}

/// The baselines of a folder.
#[derive(Debug)]
pub struct Baselines {
    folder: PathBuf,
}

impl Baselines {
    /// Those below the state directory.
    pub fn below(state_dir: &Path) -> Self {
        Self { folder: state_dir.join("baselines") }
    }

    /// The baseline `name`; a name with a slash or the ending `.json` is the path of one.
    pub fn read(&self, name: &str) -> Result<Baseline, BaselineError> {
        let is_path = name.contains('/') || name.ends_with(ENDING);
        let path = if is_path { PathBuf::from(name) } else { self.path(name)? };
        match fs::read(&path) {
            Ok(text) => parse(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(BaselineError::Unknown { name: name.to_owned(), path })
            }
            Err(source) => Err(BaselineError::File { doing: "cannot read", path, source }),
        }
    }

    /// Keeps `baseline`; one of its name is only replaced where that is wished. Answers its file.
    pub fn save(&self, baseline: &Baseline, replace: bool) -> Result<PathBuf, BaselineError> {
        let path = self.path(&baseline.name)?;
        let failed = |source| BaselineError::File { doing: "cannot write", path: path.clone(), source };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let mut file = WholeFile::create(&path).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, baseline).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n").map_err(failed)?;
        match if replace { file.finish() } else { file.finish_new() } {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(BaselineError::Exists(baseline.name.clone()))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes the baseline `name`.
    pub fn remove(&self, name: &str) -> Result<(), BaselineError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(BaselineError::Unknown { name: name.to_owned(), path })
            }
            Err(source) => Err(BaselineError::File { doing: "cannot remove", path, source }),
        }
    }

    /// All of them by name.
    pub fn all(&self) -> Result<Vec<Baseline>, BaselineError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => {
                return Err(BaselineError::File { doing: "cannot read", path: self.folder.clone(), source });
            }
        };
        let files = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = files.filter_map(|file| Some(file.strip_suffix(ENDING)?.to_owned())).collect();
        names.retain(|name| !name.starts_with('.'));
        names.sort_unstable();
        names.iter().map(|name| self.read(name)).collect()
    }

    fn path(&self, name: &str) -> Result<PathBuf, BaselineError> {
        let allowed = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
            return Err(BaselineError::Name(name.to_owned()));
        }
        Ok(self.folder.join(format!("{name}{ENDING}")))
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

fn parse(text: &[u8], path: PathBuf) -> Result<Baseline, BaselineError> {
    match serde_json::from_slice::<VersionOnly>(text) {
        Ok(VersionOnly { version }) if version != u64::from(VERSION) => {
            Err(BaselineError::Version { path, found: version })
        }
        Ok(_) => serde_json::from_slice(text).map_err(|reason| BaselineError::Content { path, reason }),
        Err(reason) => Err(BaselineError::Content { path, reason }),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn baseline(name: &str) -> Baseline {
        Baseline {
            version: VERSION,
            name: name.to_owned(),
            saved_at: "2026-11-21T13:00:00Z".to_owned(),
            wlx_version: "0.1.0".to_owned(),
            runs: Vec::new(),
        }
    }

    #[test]
    fn a_baseline_is_kept_until_it_is_removed() {
        let folder = TempDir::new().unwrap();
        let baselines = Baselines::below(folder.path());
        assert_eq!(baselines.all().unwrap(), []);
        let path = baselines.save(&baseline("main"), false).unwrap();
        baselines.save(&baseline("a-1.2"), false).unwrap();
        assert_eq!(baselines.all().unwrap(), [baseline("a-1.2"), baseline("main")]);
        assert_eq!(baselines.read(path.to_str().unwrap()).unwrap(), baseline("main"));
        assert!(matches!(baselines.save(&baseline("main"), false), Err(BaselineError::Exists(_))));
        let newer = Baseline { saved_at: "2026-11-22T13:00:00Z".to_owned(), ..baseline("main") };
        baselines.save(&newer, true).unwrap();
        assert_eq!(baselines.read("main").unwrap(), newer);
        baselines.remove("main").unwrap();
        assert!(matches!(baselines.read("main"), Err(BaselineError::Unknown { .. })));
        assert!(matches!(baselines.remove("main"), Err(BaselineError::Unknown { .. })));
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        let folder = TempDir::new().unwrap();
        let baselines = Baselines::below(folder.path());
        for name in ["", "../x", ".hidden", "a b"] {
            assert!(matches!(baselines.save(&baseline(name), false), Err(BaselineError::Name(_))), "{name}");
        }
        let path = folder.path().join("x.json");
        for (text, words) in
            [("{", "not a baseline"), ("{\"version\": 9}", "version 9"), ("{\"version\": 1}", "missing")]
        {
            fs::write(&path, text).unwrap();
            let error = baselines.read(path.to_str().unwrap()).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
