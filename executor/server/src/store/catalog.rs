//! The store's one entry point: opens a state directory, looks things up, changes them.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use super::{
    blob::BlobDir,
    bucket::{Bucket, Object, Part, Upload},
    ingest::{Expectation, Ingest},
    journal::Journal,
    record::{Entry, ObjectRecord, PartRecord, UploadRecord},
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
    buckets: RwLock<HashMap<String, Arc<Bucket>>>,
    blobs: BlobDir,
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
        let buckets = RwLock::default();
        let path = dir.join("journal.jsonl");
        let (mut journal, entries) = Journal::open(&path, |entry| apply(&buckets, &blobs, entry))?;
        blobs.remove_orphans().map_err(at(blobs_dir))?;
        let snapshot = Snapshot::of(&buckets);
        if entries >= COMPACT_FROM_ENTRIES && snapshot.len() * 2 < entries {
            journal.rewrite(snapshot.entries()).map_err(at(path))?;
        }
        Ok(Self { buckets, blobs, journal: Mutex::new(journal), _lock: lock })
    }

    /// The bucket of that name.
    pub(crate) fn bucket(&self, name: &str) -> Result<Arc<Bucket>, StoreError> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        buckets.get(name).cloned().ok_or(StoreError::NoSuchBucket)
    }

    /// Names and times of creation of all buckets, by name.
    pub(crate) fn buckets(&self) -> Vec<(String, u64)> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = buckets.iter().map(|(name, bucket)| (name.clone(), bucket.read().created_ms)).collect();
        all.sort_unstable();
        all
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
        Ingest::new(&self.blobs, expectation)
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
            apply(&self.buckets, &self.blobs, entry);
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

/// Makes the index show `entry`. Entries were checked before they were written, so one that does not apply can only
/// follow the removal of its bucket or upload, and is passed over.
fn apply(buckets: &RwLock<HashMap<String, Arc<Bucket>>>, blobs: &BlobDir, entry: Entry<'_>) {
    let find = |name: &str| buckets.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    let put = |bucket: &str, key: Cow<'_, str>, object: Cow<'_, ObjectRecord>| {
        let Some(bucket) = find(bucket) else { return };
        let object = Arc::new(Object::new(object.into_owned(), blobs));
        let replaced = bucket.write().objects.insert(key.into_owned(), object);
        replaced.inspect(|object| object.links.release());
    };
    let end_upload = |bucket: &str, upload: &str| {
        let ended = find(bucket).and_then(|bucket| bucket.write().uploads.remove(upload));
        ended.inspect(|upload| upload.release());
    };
    match entry {
        Entry::CreateBucket { bucket, created_ms } => {
            let bucket_state = Arc::new(Bucket::new(created_ms));
            buckets.write().unwrap_or_else(PoisonError::into_inner).insert(bucket.into_owned(), bucket_state);
        }
        Entry::DeleteBucket { bucket } => {
            let removed = buckets.write().unwrap_or_else(PoisonError::into_inner).remove(bucket.as_ref());
            removed.inspect(|bucket| bucket.read().uploads.values().for_each(|upload| upload.release()));
        }
        Entry::Setting { bucket, name, document } => {
            let Some(bucket) = find(&bucket) else { return };
            match document {
                Some(document) => bucket.write().settings.insert(name.into_owned(), document.into_owned()),
                None => bucket.write().settings.remove(name.as_ref()),
            };
        }
        Entry::Put { bucket, key, object } => put(&bucket, key, object),
        Entry::Delete { bucket, keys } => {
            let Some(bucket) = find(&bucket) else { return };
            let mut state = bucket.write();
            let removed: Vec<_> = keys.iter().filter_map(|key| state.objects.remove(key.as_ref())).collect();
            drop(state);
            for object in removed {
                object.links.release();
            }
        }
        Entry::BeginUpload { bucket, upload, record } => {
            let Some(bucket) = find(&bucket) else { return };
            let begun = Arc::new(Upload::new(record.into_owned()));
            bucket.write().uploads.insert(upload.into_owned(), begun);
        }
        Entry::Part { bucket, upload, number, part } => {
            let upload = find(&bucket).and_then(|bucket| bucket.read().uploads.get(upload.as_ref()).cloned());
            upload.inspect(|upload| upload.insert(number, Part::new(part.into_owned(), blobs)));
        }
        Entry::AbortUpload { bucket, upload } => end_upload(&bucket, &upload),
        Entry::Complete { bucket, upload, key, object } => {
            // The object links to the parts' blobs before the parts let go of them.
            put(&bucket, key, object);
            end_upload(&bucket, &upload);
        }
    }
}

/// Everything that is in the index, to be written as a fresh journal.
struct Snapshot(Vec<(String, Arc<Bucket>)>);

impl Snapshot {
    fn of(buckets: &RwLock<HashMap<String, Arc<Bucket>>>) -> Self {
        let buckets = buckets.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = buckets.iter().map(|(name, bucket)| (name.clone(), Arc::clone(bucket))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Self(all)
    }

    fn len(&self) -> usize {
        let uploads = |upload: &Arc<Upload>| 1 + upload.parts_after(0).len();
        let each = self.0.iter().map(|(_, bucket)| {
            let bucket = bucket.read();
            1 + bucket.settings.len() + bucket.objects.len() + bucket.uploads.values().map(uploads).sum::<usize>()
        });
        each.sum()
    }

    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.0.iter().flat_map(|(name, bucket)| {
            let state = bucket.read();
            let name = || Cow::Borrowed(name.as_str());
            let mut entries = vec![Entry::CreateBucket { bucket: name(), created_ms: state.created_ms }];
            entries.extend(state.settings.iter().map(|(setting, document)| Entry::Setting {
                bucket: name(),
                name: setting.clone().into(),
                document: Some(document.clone().into()),
            }));
            entries.extend(state.objects.iter().map(|(key, object)| Entry::Put {
                bucket: name(),
                key: key.clone().into(),
                object: Cow::Owned(ObjectRecord::clone(object)),
            }));
            for (id, upload) in &state.uploads {
                let id = || Cow::Owned(id.clone());
                entries.push(Entry::BeginUpload {
                    bucket: name(),
                    upload: id(),
                    record: Cow::Owned(upload.record.clone()),
                });
                entries.extend(upload.parts_after(0).into_iter().map(|(number, part)| Entry::Part {
                    bucket: name(),
                    upload: id(),
                    number,
                    part: Cow::Owned(PartRecord::clone(&part)),
                }));
            }
            entries
        })
    }
}
