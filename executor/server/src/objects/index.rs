//! The index in memory, and how each journal entry changes it. The same code applies an entry that was just written and
//! one that is read back when the state directory is opened.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    blob::BlobDir,
    bucket::{Bucket, Object, Part, Upload},
    record::{Entry, ObjectRecord},
};

/// All buckets, and the blobs that their objects and parts link to.
#[derive(Debug)]
pub(super) struct Index {
    buckets: RwLock<HashMap<String, Arc<Bucket>>>,
    pub blobs: BlobDir,
}

impl Index {
    pub(super) fn new(blobs: BlobDir) -> Self {
        Self { buckets: RwLock::default(), blobs }
    }

    pub(super) fn bucket(&self, name: &str) -> Option<Arc<Bucket>> {
        self.buckets.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All buckets, ordered by name.
    pub(super) fn buckets(&self) -> Vec<(String, Arc<Bucket>)> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = buckets.iter().map(|(name, bucket)| (name.clone(), Arc::clone(bucket))).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// Applies `entry` to the index. Entries are checked before they are written. So the only entries that do not apply
    /// are those whose bucket or upload was removed meanwhile, and they are skipped.
    pub(super) fn apply(&self, entry: Entry<'_>) {
        match entry {
            Entry::CreateBucket { bucket, created_ms } => self.create(bucket.into_owned(), created_ms),
            Entry::DeleteBucket { bucket } => self.remove(&bucket),
            Entry::Setting { bucket, name, document } => self.set(&bucket, name.into_owned(), document),
            Entry::Put { bucket, key, object } => self.put(&bucket, key.into_owned(), object.into_owned()),
            Entry::Delete { bucket, keys } => self.delete(&bucket, &keys),
            Entry::BeginUpload { bucket, upload, record } => {
                let Some(bucket) = self.bucket(&bucket) else { return };
                let begun = Arc::new(Upload::new(record.into_owned()));
                bucket.write().uploads.insert(upload.into_owned(), begun);
            }
            Entry::Part { bucket, upload, number, part } => {
                let Some(bucket) = self.bucket(&bucket) else { return };
                let upload = bucket.read().uploads.get(upload.as_ref()).cloned();
                upload.inspect(|upload| upload.insert(number, Part::new(part.into_owned(), &self.blobs)));
            }
            Entry::AbortUpload { bucket, upload } => self.end_upload(&bucket, &upload),
            Entry::Complete { bucket, upload, key, object } => {
                // The object links to the parts' blobs before the parts let go of them.
                self.put(&bucket, key.into_owned(), object.into_owned());
                self.end_upload(&bucket, &upload);
            }
        }
    }

    fn create(&self, name: String, created_ms: u64) {
        let bucket = Arc::new(Bucket::new(created_ms));
        self.buckets.write().unwrap_or_else(PoisonError::into_inner).insert(name, bucket);
    }

    fn remove(&self, name: &str) {
        let removed = self.buckets.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        let Some(bucket) = removed else { return };
        for upload in bucket.read().uploads.values() {
            upload.release();
        }
    }

    fn set(&self, bucket: &str, name: String, document: Option<Cow<'_, str>>) {
        let Some(bucket) = self.bucket(bucket) else { return };
        match document {
            Some(document) => bucket.write().settings.insert(name, document.into_owned()),
            None => bucket.write().settings.remove(&name),
        };
    }

    fn put(&self, bucket: &str, key: String, record: ObjectRecord) {
        let Some(bucket) = self.bucket(bucket) else { return };
        let object = Arc::new(Object::new(record, &self.blobs));
        let replaced = bucket.write().objects.insert(key, object);
        replaced.inspect(|object| object.links.release());
    }

    fn delete(&self, bucket: &str, keys: &[Cow<'_, str>]) {
        let Some(bucket) = self.bucket(bucket) else { return };
        let mut state = bucket.write();
        let removed: Vec<_> = keys.iter().filter_map(|key| state.objects.remove(key.as_ref())).collect();
        drop(state);
        for object in removed {
            object.links.release();
        }
    }

    fn end_upload(&self, bucket: &str, upload: &str) {
        let Some(bucket) = self.bucket(bucket) else { return };
        let ended = bucket.write().uploads.remove(upload);
        ended.inspect(|upload| upload.release());
    }
}
