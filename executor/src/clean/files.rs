//! Removes the files that the plans name, and the folders that are left empty.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::prep::files::{Inside, failure};
use crate::prep::{PrepError, PrepWork, Tally};

/// What is there of what the plans name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NamedFiles {
    files: Vec<(PathBuf, u64)>,
    /// Folders of all named files, there or not: a folder for downloads has none before a run.
    folders: BTreeSet<PathBuf>,
}

impl NamedFiles {
    pub(super) fn tally(&self) -> Tally {
        Tally::of(self.files.iter().map(|(_, size)| *size))
    }
}

/// Looks up what is there of what `work` names below `files_dir`.
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
        // A folder of that name is not the file that the plan names; a symbolic link goes itself.
        if let Ok(metadata) = path.symlink_metadata()
            && !metadata.is_dir()
        {
            named.files.push((path, metadata.len()));
        }
    }
    named.folders.iter().try_for_each(|folder| inside.check(folder))?;
    Ok(named)
}

/// Removes what `named` has; returns how many folders went.
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
    // A folder sorts before what is in it: from the end, the innermost go first.
    Ok(named.folders.iter().rev().filter(|folder| std::fs::remove_dir(folder).is_ok()).count() as u64)
}
