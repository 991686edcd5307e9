//! The store's one entry point: opens a state directory, looks things up, changes them.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    blob::BlobDir,
    bucket::{Bucket, Object, Upload},
    index::Index,
    ingest::{Expectation, Ingest},
    journal::Journal,
    record::{Entry, ObjectRecord, PartRecord, UploadRecord},
    snapshot::Snapshot,
};
use crate::{clock::wall_ms, error::ServerError};

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("no such bucket")]
    NoSuchBucket,
    #[error("no such key")]
    NoSuchKey,
    #[error("no such upload")]
    NoSuchUpload,
    #[error("the bucket exists")]
    BucketExists,
    #[error("the bucket is not empty")]
    BucketNotEmpty,
    #[error("a precondition does not hold")]
    PreconditionFailed,
    #[error("the store cannot be written")]
    Io(#[from] io::Error),
}

/// What must hold of the object that a change replaces or removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Precondition {
    None,
    Absent,
    Present,
    /// Its `ETag`, without quotes.
    ETag(String),
}

impl Precondition {
    pub(super) fn check(&self, current: Option<&Object>) -> Result<(), StoreError> {
        match (self, current) {
            (Self::None, _) | (Self::Absent, None) | (Self::Present, Some(_)) => Ok(()),
            (Self::ETag(etag), Some(object)) if object.etag == *etag => Ok(()),
            (Self::Present | Self::ETag(_), None) => Err(StoreError::NoSuchKey),
            (Self::Absent | Self::ETag(_), Some(_)) => Err(StoreError::PreconditionFailed),
        }
    }
}

/// The store of one state directory.
#[derive(Debug)]
pub(crate) struct Store {
    index: Index,
    journal: Mutex<Journal>,
    /// Held for as long as the store lives; released by the system however the process ends.
    _lock: fs::File,
}

/// Rewriting a short journal would save nothing.
const COMPACT_FROM_ENTRIES: usize = 10_000;

impl Store {
    /// Opens the state directory `dir`, making it if there is none.
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
    pub(crate) fn bucket(&self, name: &str) -> Result<Arc<Bucket>, StoreError> {
        self.index.bucket(name).ok_or(StoreError::NoSuchBucket)
    }

    /// Names and times of creation of all buckets, by name.
    pub(crate) fn buckets(&self) -> Vec<(String, u64)> {
        let buckets = self.index.buckets().into_iter();
        buckets.map(|(name, bucket)| (name, bucket.read().created_ms)).collect()
    }

    /// The object of that key.
    pub(crate) fn object(&self, bucket: &str, key: &str) -> Result<Arc<Object>, StoreError> {
        self.bucket(bucket)?.read().objects.get(key).cloned().ok_or(StoreError::NoSuchKey)
    }

    /// The multipart upload of that id, if it is one of `key`.
    pub(crate) fn upload(&self, bucket: &str, key: &str, upload: &str) -> Result<Arc<Upload>, StoreError> {
        let found = self.bucket(bucket)?.read().uploads.get(upload).cloned();
        found.filter(|upload| upload.record.key == key).ok_or(StoreError::NoSuchUpload)
    }

    /// A setting's document, as it was given.
    pub(crate) fn setting(&self, bucket: &str, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.bucket(bucket)?.read().settings.get(name).cloned())
    }

    /// Starts to take a body in.
    pub(crate) fn ingest(&self, expectation: Expectation) -> Ingest<'_> {
        Ingest::new(&self.index.blobs, expectation)
    }

    pub(crate) fn create_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        self.commit(|| match self.bucket(bucket) {
            Ok(_) => Err(StoreError::BucketExists),
            Err(_) => Ok(vec![Entry::CreateBucket { bucket: bucket.into(), created_ms: wall_ms() }]),
        })
    }

    pub(crate) fn delete_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        self.commit(|| {
            if !self.bucket(bucket)?.read().objects.is_empty() {
                return Err(StoreError::BucketNotEmpty);
            }
            Ok(vec![Entry::DeleteBucket { bucket: bucket.into() }])
        })
    }

    pub(crate) fn set(&self, bucket: &str, name: &str, document: Option<String>) -> Result<(), StoreError> {
        self.commit(|| {
            self.bucket(bucket)?;
            let document = document.map(Cow::Owned);
            Ok(vec![Entry::Setting { bucket: bucket.into(), name: name.into(), document }])
        })
    }

    pub(crate) fn put(
        &self,
        bucket: &str,
        key: &str,
        object: ObjectRecord,
        precondition: &Precondition,
    ) -> Result<(), StoreError> {
        self.commit(|| {
            precondition.check(self.bucket(bucket)?.read().objects.get(key).map(AsRef::as_ref))?;
            Ok(vec![Entry::Put { bucket: bucket.into(), key: key.into(), object: Cow::Owned(object) }])
        })
    }

    /// Removes those of `keys` that exist.
    pub(crate) fn delete(&self, bucket: &str, keys: &[&str], precondition: &Precondition) -> Result<(), StoreError> {
        self.commit(|| {
            let state = self.bucket(bucket)?;
            let state = state.read();
            let present = keys.iter().filter(|key| state.objects.contains_key(**key));
            let keys: Vec<Cow<'_, str>> = present.map(|key| Cow::Borrowed(*key)).collect();
            for key in &keys {
                precondition.check(state.objects.get(key.as_ref()).map(AsRef::as_ref))?;
            }
            Ok(if keys.is_empty() { Vec::new() } else { vec![Entry::Delete { bucket: bucket.into(), keys }] })
        })
    }

    pub(crate) fn begin_upload(&self, bucket: &str, upload: &str, record: UploadRecord) -> Result<(), StoreError> {
        self.commit(|| {
            self.bucket(bucket)?;
            Ok(vec![Entry::BeginUpload { bucket: bucket.into(), upload: upload.into(), record: Cow::Owned(record) }])
        })
    }

    pub(crate) fn put_part(
        &self,
        bucket: &str,
        key: &str,
        upload: &str,
        number: u32,
        part: PartRecord,
    ) -> Result<(), StoreError> {
        self.commit(|| {
            self.upload(bucket, key, upload)?;
            Ok(vec![Entry::Part { bucket: bucket.into(), upload: upload.into(), number, part: Cow::Owned(part) }])
        })
    }

    pub(crate) fn abort_upload(&self, bucket: &str, key: &str, upload: &str) -> Result<(), StoreError> {
        self.commit(|| {
            self.upload(bucket, key, upload)?;
            Ok(vec![Entry::AbortUpload { bucket: bucket.into(), upload: upload.into() }])
        })
    }

    /// The one way in which anything changes: nothing else happens between `decide` and its entries taking effect.
    pub(super) fn commit<'a, E: From<StoreError>>(
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
