//! Removes the files that the plans name, and the folders that are left empty.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::prep::files::{Inside, failure};
use crate::prep::{PrepError, PrepWork, Tally};

/// What exists of what the plans name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NamedFiles {
    files: Vec<(PathBuf, u64)>,
    /// Folders of all named files, whether the files exist or not: a download folder is empty before a run.
    folders: BTreeSet<PathBuf>,
}

impl NamedFiles {
    pub(super) fn tally(&self) -> Tally {
        Tally::of(self.files.iter().map(|(_, size)| *size))
    }
}

/// Finds the files below `files_dir` that `work` names.
pub(super) fn survey(work: &PrepWork, files_dir: &Path) -> Result<NamedFiles, PrepError> {
    if !files_dir.exists() {
        return Ok(NamedFiles::default());
    }
    let inside = Inside::of(files_dir)?;
    let mut named = NamedFiles::default();
    for (key, _) in work.upload_files().chain(work.download_files()) {
        let path = inside.path(key);
        named
            .folders
            .extend(path.ancestors().skip(1).take_while(|folder| *folder != inside.root()).map(Path::to_owned));
        // A folder of that name is not the file that the plan names. Of a symbolic link, the link itself is removed.
        if let Ok(metadata) = path.symlink_metadata()
            && !metadata.is_dir()
        {
            named.files.push((path, metadata.len()));
        }
    }
    named.folders.iter().try_for_each(|folder| inside.check(folder))?;
    Ok(named)
}

/// Removes what `named` lists; returns how many folders were removed.
pub(super) fn remove(named: &NamedFiles, stop: &CancellationToken) -> Result<u64, PrepError> {
    for (path, _) in &named.files {
        if stop.is_cancelled() {
            return Err(PrepError::Interrupted);
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failure("remove", path, error)),
            _ => {}
        }
    }
    // A folder sorts before its contents: in reverse order the innermost are removed first.
    Ok(named.folders.iter().rev().filter(|folder| std::fs::remove_dir(folder).is_ok()).count() as u64)
}
