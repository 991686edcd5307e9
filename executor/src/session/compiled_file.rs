//! The file that runners are given: the compiled one or, if sizes are scaled, a file written for the run.

use std::path::{Path, PathBuf};

use workload_schema::WorkloadDigest;
use workload_schema::format::run_file;
use workload_schema::naming::run_file_name;

use workload_library::LoadedWorkload;

/// A compiled workload on disk, as it will be run.
#[derive(Debug)]
pub struct CompiledFile {
    /// Absolute path.
    pub path: PathBuf,
    /// Digest of its bytes.
    pub digest: WorkloadDigest,
}

impl CompiledFile {
    /// The file for `loaded`; a scaled one is written below `state_dir`, whole.
    pub fn of(loaded: &LoadedWorkload, state_dir: &Path) -> std::io::Result<Self> {
        if loaded.scale.is_one() {
            return Ok(Self { path: loaded.path.clone(), digest: loaded.digest.clone() });
        }
        let folder = state_dir.join("scaled").join(loaded.scale.to_string().replace('/', "-"));
        std::fs::create_dir_all(&folder)?;
        let bytes = run_file::bytes(&loaded.workload).map_err(std::io::Error::other)?;
        let path = folder.join(run_file_name(&loaded.name));
        whole_file::write(&path, &bytes)?;
        Ok(Self { path, digest: WorkloadDigest::of(&bytes) })
    }
}
