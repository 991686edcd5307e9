//! The whole index as the entries of a new journal.

use std::{borrow::Cow, sync::Arc};

use super::{
    bucket::{Bucket, Upload},
    index::Index,
    record::{Entry, ObjectRecord, PartRecord},
};

/// The buckets of an index. The index must not change while the snapshot is used.
pub(super) struct Snapshot(Vec<(String, Arc<Bucket>)>);

impl Snapshot {
    pub(super) fn of(index: &Index) -> Self {
        Self(index.buckets())
    }

    /// The number of entries.
    pub(super) fn len(&self) -> usize {
        let uploads = |upload: &Arc<Upload>| 1 + upload.parts_after(0).len();
        let each = self.0.iter().map(|(_, bucket)| {
            let bucket = bucket.read();
            1 + bucket.settings.len() + bucket.objects.len() + bucket.uploads.values().map(uploads).sum::<usize>()
        });
        each.sum()
    }

    /// The entries, in an order in which they can be applied.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.0.iter().flat_map(|(name, bucket)| bucket_entries(name, bucket))
    }
}

fn bucket_entries<'a>(name: &'a str, bucket: &Bucket) -> Vec<Entry<'a>> {
    let state = bucket.read();
    let bucket = || Cow::Borrowed(name);
    let mut entries = vec![Entry::CreateBucket { bucket: bucket(), created_ms: state.created_ms }];
    entries.extend(state.settings.iter().map(|(setting, document)| Entry::Setting {
        bucket: bucket(),
        name: setting.clone().into(),
        document: Some(document.clone().into()),
    }));
    entries.extend(state.objects.iter().map(|(key, object)| Entry::Put {
        bucket: bucket(),
        key: key.clone().into(),
        object: Cow::Owned(ObjectRecord::clone(object)),
    }));
    for (id, upload) in &state.uploads {
        let upload_id = || Cow::Owned(id.clone());
        let record = Cow::Owned(upload.record.clone());
        entries.push(Entry::BeginUpload { bucket: bucket(), upload: upload_id(), record });
        entries.extend(upload.parts_after(0).into_iter().map(|(number, part)| Entry::Part {
            bucket: bucket(),
            upload: upload_id(),
            number,
            part: Cow::Owned(PartRecord::clone(&part)),
        }));
    }
    entries
}
