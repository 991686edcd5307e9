//! What the index holds: buckets, objects, uploads and parts, each with the blobs that hold its bytes.

use std::{
    collections::{BTreeMap, HashMap},
    ops::{Deref, Range},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use synthetic_content::Content;

use super::{
    blob::{Blob, BlobDir},
    reader::SegmentStream,
    record::{ObjectRecord, PartRecord, UploadRecord},
    segment::{Segment, slice_segments},
};

/// The blobs that a record's segments name. They are linked while the record is in the index.
#[derive(Debug)]
pub(super) struct Links(Vec<Arc<Blob>>);

impl Links {
    fn new(segments: &[Segment], blobs: &BlobDir) -> Self {
        let mut held: Vec<Arc<Blob>> = Vec::new();
        for segment in segments {
            if let Segment::Stored { blob, .. } = segment
                && !held.iter().any(|other| other.id() == *blob)
            {
                held.push(blobs.resolve(*blob));
            }
        }
        for blob in &held {
            blob.link();
        }
        Self(held)
    }

    /// Unlinks the blobs when the record leaves the index.
    pub(super) fn release(&self) {
        self.0.iter().for_each(|blob| blob.unlink());
    }
}

/// An object in the index.
#[derive(Debug)]
pub(crate) struct Object {
    record: ObjectRecord,
    pub(super) links: Links,
}

impl Object {
    pub(super) fn new(record: ObjectRecord, blobs: &BlobDir) -> Self {
        Self { links: Links::new(&record.segments, blobs), record }
    }

    /// The bytes of `range`, which must be within the object.
    pub(crate) fn read(&self, range: Range<u64>) -> SegmentStream {
        if let [Segment::Synthetic { start, .. }] = self.record.segments[..] {
            return SegmentStream::synthetic(
                Content::from_start(start.into()).skip(range.start),
                range.end - range.start,
            );
        }
        SegmentStream::new(slice_segments(&self.record.segments, range), self.links.0.clone())
    }
}

impl Deref for Object {
    type Target = ObjectRecord;

    fn deref(&self) -> &ObjectRecord {
        &self.record
    }
}

/// An uploaded part in the index.
#[derive(Debug)]
pub(crate) struct Part {
    record: PartRecord,
    pub(super) links: Links,
}

impl Part {
    pub(super) fn new(record: PartRecord, blobs: &BlobDir) -> Self {
        Self { links: Links::new(&record.segments, blobs), record }
    }
}

impl Deref for Part {
    type Target = PartRecord;

    fn deref(&self) -> &PartRecord {
        &self.record
    }
}

/// A multipart upload that is under way.
#[derive(Debug)]
pub(crate) struct Upload {
    pub record: UploadRecord,
    parts: RwLock<BTreeMap<u32, Arc<Part>>>,
    /// Size in bytes of the largest part that a client began to send. It tells at which offset the later parts begin.
    part_size: AtomicU64,
}

impl Upload {
    pub(super) fn new(record: UploadRecord) -> Self {
        Self { record, parts: RwLock::default(), part_size: AtomicU64::new(0) }
    }

    /// Notes that a part of `size` bytes is coming, and returns the largest size noted so far.
    pub(crate) fn note_part_size(&self, size: u64) -> u64 {
        self.part_size.fetch_max(size, Ordering::Relaxed).max(size)
    }

    pub(crate) fn part(&self, number: u32) -> Option<Arc<Part>> {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    /// The parts with a number above `after`, in order.
    pub(crate) fn parts_after(&self, after: u32) -> Vec<(u32, Arc<Part>)> {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        parts.range(after.saturating_add(1)..).map(|(number, part)| (*number, Arc::clone(part))).collect()
    }

    pub(super) fn insert(&self, number: u32, part: Part) {
        self.note_part_size(part.size);
        let replaced = self.parts.write().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::new(part));
        replaced.inspect(|part| part.links.release());
    }

    pub(super) fn release(&self) {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        parts.values().for_each(|part| part.links.release());
    }
}

/// What a bucket holds.
#[derive(Debug, Default)]
pub(crate) struct BucketState {
    pub created_ms: u64,
    /// Documents by name, stored as they were given: lifecycle, tagging.
    pub settings: BTreeMap<String, String>,
    pub objects: BTreeMap<String, Arc<Object>>,
    pub uploads: HashMap<String, Arc<Upload>>,
}

/// A bucket.
#[derive(Debug, Default)]
pub(crate) struct Bucket(RwLock<BucketState>);

impl Bucket {
    pub(super) fn new(created_ms: u64) -> Self {
        Self(RwLock::new(BucketState { created_ms, ..BucketState::default() }))
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, BucketState> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, BucketState> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
