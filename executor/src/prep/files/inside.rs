//! Paths of keys below the files directory. No symbolic link below it may lead out of it.

use std::path::{Path, PathBuf};

use workload_schema::ObjectKey;

use crate::prep::PrepError;

/// The files directory, resolved.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    root: PathBuf,
}

impl Inside {
    /// The files directory `root`, which exists.
    pub(crate) fn of(root: &Path) -> Result<Self, PrepError> {
        let root = root.canonicalize().map_err(|source| failure("find", root, source))?;
        Ok(Self { root })
    }

    /// Makes the files directory and then [`Self::of`] it.
    pub(crate) fn made(root: &Path) -> Result<Self, PrepError> {
        std::fs::create_dir_all(root).map_err(|source| failure("make", root, source))?;
        Self::of(root)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The path of the file of `key`.
    pub(crate) fn path(&self, key: &ObjectKey) -> PathBuf {
        self.root.join(key.as_str())
    }

    /// Makes `folder`, unless a symbolic link on the way leads out.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<(), PrepError> {
        self.check(folder)?;
        std::fs::create_dir_all(folder).map_err(|source| failure("make", folder, source))
    }

    /// Refuses a `folder` whose existing part leads out of the files directory.
    pub(crate) fn check(&self, folder: &Path) -> Result<(), PrepError> {
        let existing = folder.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok()).unwrap_or(&self.root);
        let resolved = existing.canonicalize().map_err(|source| failure("follow", existing, source))?;
        if resolved.starts_with(&self.root) {
            return Ok(());
        }
        Err(PrepError::OutsideFilesDir { path: folder.to_owned(), files_dir: self.root.clone() })
    }
}

/// `doing` failed on the file or folder `path`.
pub(crate) fn failure(doing: &'static str, path: &Path, cause: std::io::Error) -> PrepError {
    PrepError::File { doing, path: path.to_owned(), cause }
}
