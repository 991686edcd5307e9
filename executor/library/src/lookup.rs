//! From what a person typed to a compiled workload.

use std::path::{Path, PathBuf};

use workload_schema::naming::{RUN_FILE_ENDING, modern_spelling};
use workload_schema::{Scale, WorkloadName};

use super::{LoadError, LoadedWorkload};

/// The folder of compiled workloads.
#[derive(Debug, Clone)]
pub struct Library {
    folder: PathBuf,
    scale: Scale,
}

/// Why a workload was not found.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// No file of that name, with the nearest names there are.
    #[error("no workload `{name}` in {}{}", folder.display(), suggestion(nearest))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// Names that look alike.
        nearest: Vec<String>,
    },
    /// The folder has no workloads at all, or is not there.
    #[error("no compiled workloads in {}\nhint: compile some with wlc build, or name their folder with --workloads-dir", .0.display())]
    Empty(PathBuf),
    /// It was found and is refused.
    #[error(transparent)]
    Load(#[from] LoadError),
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("\nhint: did you mean {}?", nearest.join(", ")) }
}

impl Library {
    /// The workloads in `folder`, scaled by `scale` as they are read.
    pub fn new(folder: &Path, scale: Scale) -> Self {
        Self { folder: folder.to_owned(), scale }
    }

    /// Reads the workload that `wanted` names: a path (anything with a `/` or ending in `.json`), a name, or
    /// an older spelling of a name.
    pub fn find(&self, wanted: &str) -> Result<LoadedWorkload, LookupError> {
        if wanted.contains('/') || Path::new(wanted).extension().is_some_and(|extension| extension == "json") {
            return Ok(LoadedWorkload::read(Path::new(wanted), self.scale)?);
        }
        let modern = WorkloadName::new(wanted).ok().and_then(|name| modern_spelling(&name));
        let candidates = [Some(wanted.to_owned()), modern.map(String::from)];
        for name in candidates.into_iter().flatten() {
            let path = self.folder.join(format!("{name}{RUN_FILE_ENDING}"));
            if path.is_file() {
                return Ok(LoadedWorkload::read(&path, self.scale)?);
            }
        }
        let names = self.names()?;
        Err(LookupError::Unknown {
            name: wanted.to_owned(),
            folder: self.folder.clone(),
            nearest: nearest(wanted, &names),
        })
    }

    /// Reads all that `wanted` names, or every workload of the folder where it is empty.
    pub fn find_all(&self, wanted: &[String]) -> Result<Vec<LoadedWorkload>, LookupError> {
        if wanted.is_empty() {
            return self.names()?.iter().map(|name| self.find(name)).collect();
        }
        wanted.iter().map(|name| self.find(name)).collect()
    }

    /// The names of all workloads in the folder, sorted.
    pub fn names(&self) -> Result<Vec<String>, LookupError> {
        let entries = std::fs::read_dir(&self.folder).map_err(|_| LookupError::Empty(self.folder.clone()))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| {
                entry.ok()?.file_name().into_string().ok()?.strip_suffix(RUN_FILE_ENDING).map(str::to_owned)
            })
            .collect();
        if names.is_empty() {
            return Err(LookupError::Empty(self.folder.clone()));
        }
        names.sort();
        Ok(names)
    }
}

/// Up to three names that `wanted` was probably meant to be, nearest first.
fn nearest(wanted: &str, names: &[String]) -> Vec<String> {
    let near = checked_document::nearest::near(wanted, names.iter().map(String::as_str));
    near.into_iter().take(3).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKLOAD: &str = r#"{"version":2,"comment":"","filesOnDisk":false,"checksum":null,"maxRepeatCount":1,
        "maxRepeatSecs":1,"tasks":[{"action":"upload","key":"upload/5GiB-1x/1","size":5368709120}]}"#;

    fn library(names: &[&str]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(folder.path().join(format!("{name}.run.json")), WORKLOAD).unwrap();
        }
        let library = Library::new(folder.path(), "1/1024".parse().unwrap());
        (folder, library)
    }

    #[test]
    fn a_workload_is_found_by_name_older_spelling_and_path() {
        let (folder, library) = library(&["upload-5GiB-1x-ram"]);
        let path = folder.path().join("upload-5GiB-1x-ram.run.json");
        for wanted in ["upload-5GiB-1x-ram", "upload-5GiB-ram", path.to_str().unwrap()] {
            let found = library.find(wanted).unwrap();
            assert_eq!(found.name.as_str(), "upload-5GiB-1x-ram", "{wanted}");
            assert_eq!(found.workload.first_task().size, 5 << 20, "scaled");
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let (_folder, library) = library(&["upload-5GiB-1x-ram", "download-64KiB-1x"]);
        let error = library.find("upload-5GB-1x-ram").unwrap_err().to_string();
        assert!(error.ends_with("hint: did you mean upload-5GiB-1x-ram?"), "{error}");
        let empty = Library::new(Path::new("/nowhere"), Scale::ONE).find("x").unwrap_err().to_string();
        assert!(empty.contains("wlc build"), "{empty}");
    }

    #[test]
    fn a_plan_of_another_workload_is_refused() {
        let (folder, _) = library(&["w"]);
        let library = Library::new(folder.path(), Scale::ONE);
        let loaded = library.find("w").unwrap();
        let mut plan = loaded.plan().unwrap();
        let path = folder.path().join("w.prep.json");
        std::fs::write(&path, serde_json::to_vec(&plan).unwrap()).unwrap();
        assert_eq!(loaded.plan().unwrap(), plan);
        plan.workload_digest = workload_schema::WorkloadDigest::of(b"another");
        std::fs::write(&path, serde_json::to_vec(&plan).unwrap()).unwrap();
        assert!(matches!(loaded.plan(), Err(LoadError::StalePlan { .. })));
    }
}
