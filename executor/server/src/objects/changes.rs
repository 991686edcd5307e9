//! Changes of buckets, objects and multipart uploads. Each one is checked and then committed as journal entries.

use std::borrow::Cow;

use super::{
    error::ObjectsError,
    precondition::Precondition,
    record::{Entry, ObjectRecord, PartRecord, UploadRecord},
    state_dir::Objects,
};
use crate::clock::wall_ms;

impl Objects {
    pub(crate) fn create_bucket(&self, bucket: &str) -> Result<(), ObjectsError> {
        self.commit(|| match self.bucket(bucket) {
            Ok(_) => Err(ObjectsError::BucketExists),
            Err(_) => Ok(vec![Entry::CreateBucket { bucket: bucket.into(), created_ms: wall_ms() }]),
        })
    }

    /// Creates the bucket unless it exists.
    pub(crate) fn ensure_bucket(&self, bucket: &str) -> Result<(), ObjectsError> {
        match self.create_bucket(bucket) {
            Ok(()) | Err(ObjectsError::BucketExists) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn delete_bucket(&self, bucket: &str) -> Result<(), ObjectsError> {
        self.commit(|| {
            if !self.bucket(bucket)?.read().objects.is_empty() {
                return Err(ObjectsError::BucketNotEmpty);
            }
            Ok(vec![Entry::DeleteBucket { bucket: bucket.into() }])
        })
    }

    /// Stores a setting's document as it is given. `None` removes the setting.
    pub(crate) fn set(&self, bucket: &str, name: &str, document: Option<String>) -> Result<(), ObjectsError> {
        self.commit(|| {
            self.bucket(bucket)?;
            let document = document.map(Cow::Owned);
            Ok(vec![Entry::Setting { bucket: bucket.into(), name: name.into(), document }])
        })
    }

    /// Puts an object in place of the one that the key has now, if that one meets `precondition`.
    pub(crate) fn put(
        &self,
        bucket: &str,
        key: &str,
        object: ObjectRecord,
        precondition: &Precondition,
    ) -> Result<(), ObjectsError> {
        self.commit(|| {
            precondition.check(self.bucket(bucket)?.read().objects.get(key).map(AsRef::as_ref))?;
            Ok(vec![Entry::Put { bucket: bucket.into(), key: key.into(), object: Cow::Owned(object) }])
        })
    }

    /// Removes those of `keys` that exist. If one of them does not meet `precondition`, none is removed.
    pub(crate) fn delete(&self, bucket: &str, keys: &[&str], precondition: &Precondition) -> Result<(), ObjectsError> {
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

    pub(crate) fn begin_upload(&self, bucket: &str, upload: &str, record: UploadRecord) -> Result<(), ObjectsError> {
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
    ) -> Result<(), ObjectsError> {
        self.commit(|| {
            self.upload(bucket, key, upload)?;
            Ok(vec![Entry::Part { bucket: bucket.into(), upload: upload.into(), number, part: Cow::Owned(part) }])
        })
    }

    pub(crate) fn abort_upload(&self, bucket: &str, key: &str, upload: &str) -> Result<(), ObjectsError> {
        self.commit(|| {
            self.upload(bucket, key, upload)?;
            Ok(vec![Entry::AbortUpload { bucket: bucket.into(), upload: upload.into() }])
        })
    }
}
