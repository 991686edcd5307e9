//! The objects of one state directory: opening it, looking objects up, and committing changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    blob::BlobDir,
    bucket::{Bucket, Object, Upload},
    error::ObjectsError,
    index::Index,
    ingest::{Expectation, Ingest},
    journal::Journal,
    record::Entry,
    snapshot::Snapshot,
};
use crate::error::ServerError;

/// The buckets, objects and multipart uploads of one state directory.
#[derive(Debug)]
pub(crate) struct Objects {
    index: Index,
    journal: Mutex<Journal>,
    /// Locks the state directory. The operating system releases the lock however the process ends.
    _lock: fs::File,
}

/// A journal with fewer entries is not worth rewriting.
const COMPACT_FROM_ENTRIES: usize = 10_000;

impl Objects {
    /// Opens the state directory `dir`, and creates it if it does not exist.
    pub(crate) fn open(dir: &Path) -> Result<Self, ServerError> {
        let at = |path: PathBuf| move |source| ServerError::State { path, source };
        fs::create_dir_all(dir).map_err(at(dir.to_owned()))?;
        let lock = lock(dir)?;
        let blobs_dir = dir.join("blobs");
        let blobs = BlobDir::open(blobs_dir.clone()).map_err(at(blobs_dir.clone()))?;
        let index = Index::new(blobs);
        let path = dir.join("journal.jsonl");
        let (mut journal, entries) = Journal::open(&path, |entry| index.apply(entry))?;
        index.blobs.remove_orphans().map_err(at(blobs_dir))?;
        let snapshot = Snapshot::of(&index);
        if entries >= COMPACT_FROM_ENTRIES && snapshot.len() * 2 < entries {
            journal.rewrite(snapshot.entries()).map_err(at(path))?;
        }
        Ok(Self { index, journal: Mutex::new(journal), _lock: lock })
    }

    /// The bucket of that name.
    pub(crate) fn bucket(&self, name: &str) -> Result<Arc<Bucket>, ObjectsError> {
        self.index.bucket(name).ok_or(ObjectsError::NoSuchBucket)
    }

    /// The names of all buckets and when they were created (milliseconds since the Unix epoch), ordered by name.
    pub(crate) fn buckets(&self) -> Vec<(String, u64)> {
        let buckets = self.index.buckets().into_iter();
        buckets.map(|(name, bucket)| (name, bucket.read().created_ms)).collect()
    }

    /// The object of that key.
    pub(crate) fn object(&self, bucket: &str, key: &str) -> Result<Arc<Object>, ObjectsError> {
        self.bucket(bucket)?.read().objects.get(key).cloned().ok_or(ObjectsError::NoSuchKey)
    }

    /// The multipart upload of that id, if it is an upload of `key`.
    pub(crate) fn upload(&self, bucket: &str, key: &str, upload: &str) -> Result<Arc<Upload>, ObjectsError> {
        let found = self.bucket(bucket)?.read().uploads.get(upload).cloned();
        found.filter(|upload| upload.record.key == key).ok_or(ObjectsError::NoSuchUpload)
    }

    /// The document of a bucket's setting, as it was given.
    pub(crate) fn setting(&self, bucket: &str, name: &str) -> Result<Option<String>, ObjectsError> {
        Ok(self.bucket(bucket)?.read().settings.get(name).cloned())
    }

    /// Starts to receive a body.
    pub(crate) fn ingest(&self, expectation: Expectation) -> Ingest<'_> {
        Ingest::new(&self.index.blobs, expectation)
    }

    /// Makes a change: appends the entries that `decide` returns to the journal, and applies them to the index. Every
    /// change goes through here, one at a time, so what `decide` has checked still holds when its entries take effect.
    pub(super) fn commit<'a, E: From<ObjectsError>>(
        &self,
        decide: impl FnOnce() -> Result<Vec<Entry<'a>>, E>,
    ) -> Result<(), E> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = decide()?;
        if !entries.is_empty() {
            journal.append(&entries).map_err(|error| E::from(error.into()))?;
        }
        for entry in entries {
            self.index.apply(entry);
        }
        Ok(())
    }
}

fn lock(dir: &Path) -> Result<fs::File, ServerError> {
    let path = dir.join("lock");
    let failed = |source| ServerError::State { path: path.clone(), source };
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(ServerError::Locked(dir.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}
