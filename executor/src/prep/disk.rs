//! Checks whether the disk can hold what is to be written, before any of it is.

use std::path::{Path, PathBuf};

use workload_schema::ByteSize;

use super::PrepWork;

/// Why the disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Too little free space.
    #[error(
        "not enough disk space in {}: {} needed, {} free\n\
         hint: choose fewer workloads, -ram workloads, another disk with --files-dir, or smaller ones with --scale 1/1024",
        path.display(), ByteSize(*needed), ByteSize(*free)
    )]
    Full {
        /// The folder that was to hold it.
        path: PathBuf,
        /// Bytes needed.
        needed: u64,
        /// Bytes free for this user.
        free: u64,
    },
    /// The free space is not known.
    #[error("cannot ask for the free space of {}", path.display())]
    Unknown {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Checks that `needed` bytes fit below `path`, which need not exist yet.
pub fn check(path: &Path, needed: u64) -> Result<(), DiskError> {
    if needed == 0 {
        return Ok(());
    }
    let free = free(path)?;
    if needed > free {
        return Err(DiskError::Full { path: path.to_owned(), needed, free });
    }
    Ok(())
}

/// Bytes that this user may still write below `path`, which need not exist yet.
pub fn free(path: &Path) -> Result<u64, DiskError> {
    let unknown = |source| DiskError::Unknown { path: path.to_owned(), source };
    let absolute = std::path::absolute(path).map_err(unknown)?;
    let existing = absolute.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("/"));
    let stat = rustix::fs::statvfs(existing).map_err(|errno| unknown(errno.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Bytes that the downloads of `work` will add below `files_dir`. Existing files are overwritten.
pub fn needed_by_downloads(work: &PrepWork, files_dir: &Path) -> u64 {
    let there = |key: &str| files_dir.join(key).symlink_metadata().map_or(0, |metadata| metadata.len());
    work.download_files().map(|(key, size)| size.saturating_sub(there(key.as_str()))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_is_free_is_refused_with_the_ways_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not/yet/made");
        check(&path, 1).unwrap();
        check(Path::new("relative/not/made"), 1).unwrap();
        let error = check(&path, 1 << 60).unwrap_err().to_string();
        assert!(error.contains("1048576 TiB needed"), "{error}");
        for way in ["fewer workloads", "-ram", "--files-dir", "--scale 1/1024"] {
            assert!(error.contains(way), "{error}");
        }
        assert!(!path.exists(), "asking makes nothing");
    }
}
