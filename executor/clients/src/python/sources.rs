//! The sources of the Python runner, carried in this program and written out where it is started.

use std::path::{Path, PathBuf};

use workload_schema::WorkloadDigest;

macro_rules! sources {
    ($($path:literal),* $(,)?) => {
        /// Path below the runner's folder and text of every source file. A test compares it with the folder.
        const SOURCES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../../runners/python/", $path)))),*];
    };
}

sources!(
    "__main__.py",
    "wlx_runner/__init__.py",
    "wlx_runner/all_of.py",
    "wlx_runner/async_botocore.py",
    "wlx_runner/async_http.py",
    "wlx_runner/botocore_side.py",
    "wlx_runner/capabilities.py",
    "wlx_runner/client.py",
    "wlx_runner/clients/__init__.py",
    "wlx_runner/clients/aioboto3_client.py",
    "wlx_runner/clients/aiohttp_client.py",
    "wlx_runner/clients/boto3_classic.py",
    "wlx_runner/clients/boto3_crt.py",
    "wlx_runner/clients/crt_python.py",
    "wlx_runner/clients/httpx_client.py",
    "wlx_runner/clients/obstore_client.py",
    "wlx_runner/clients/requests_client.py",
    "wlx_runner/clients/s3fs_client.py",
    "wlx_runner/content.py",
    "wlx_runner/control.py",
    "wlx_runner/crt_side.py",
    "wlx_runner/ending.py",
    "wlx_runner/events.py",
    "wlx_runner/explain.py",
    "wlx_runner/failure.py",
    "wlx_runner/plain_http.py",
    "wlx_runner/prepare.py",
    "wlx_runner/repeat.py",
    "wlx_runner/samples.py",
    "wlx_runner/session.py",
    "wlx_runner/settings.py",
    "wlx_runner/signer.py",
    "wlx_runner/sink.py",
    "wlx_runner/stop.py",
    "wlx_runner/transfer.py",
    "wlx_runner/verify.py",
    "wlx_runner/workload.py",
);

/// Writes the sources below `clients_dir`, unless these very ones are there; answers what Python is started with.
pub fn write(clients_dir: &Path) -> std::io::Result<PathBuf> {
    let folder = clients_dir.join(format!("python-runner-{}", digest()));
    if folder.is_dir() {
        return Ok(folder);
    }
    std::fs::create_dir_all(clients_dir)?;
    let temporary = tempfile::Builder::new().prefix("python-runner-").tempdir_in(clients_dir)?;
    for (path, text) in SOURCES {
        let path = temporary.path().join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    match std::fs::rename(temporary.path(), &folder) {
        // Whoever came first wrote the same.
        Err(_) if folder.is_dir() => {}
        result => result?,
    }
    Ok(folder)
}

/// Names this state of the sources.
fn digest() -> String {
    let text: String = SOURCES.iter().flat_map(|(path, text)| [*path, "\0", *text, "\0"]).collect();
    // Without the name of the hash: a colon in a path is a separator to Python.
    let digest = WorkloadDigest::of(text.as_bytes());
    digest.as_str().trim_start_matches("blake3:")[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_source_is_carried() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runners/python");
        let mut found = BTreeSet::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else if entry.extension().is_some_and(|extension| extension == "py") {
                    found.insert(entry.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let carried: BTreeSet<String> = SOURCES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(carried, found);
    }

    #[test]
    fn it_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let written = write(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(written.join("__main__.py")).unwrap(), SOURCES[0].1);
        assert_eq!(write(folder.path()).unwrap(), written);
        assert!(!written.file_name().unwrap().to_str().unwrap().contains(':'));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }
}
