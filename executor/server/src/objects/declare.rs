//! Declared objects: they exist with synthetic content after one write to the journal, without a transfer.

use std::{borrow::Cow, sync::Arc};

use synthetic_content::Content;

use super::{
    bucket::Object,
    error::ObjectsError,
    etag,
    record::{Entry, ObjectMeta, ObjectRecord},
    segment::Segment,
    state_dir::Objects,
};
use crate::{
    admin::DeclaredObject,
    checksum::{self, Checksum, ChecksumAlgorithm},
    clock::wall_ms,
};

impl Objects {
    /// Makes those of `objects` that do not exist yet as declared, and returns their number. For SHA-1 and SHA-256 it
    /// reads the content, so call it off the async threads.
    pub(crate) fn declare(&self, objects: &[DeclaredObject]) -> Result<usize, ObjectsError> {
        let now = wall_ms();
        let mut missing = Vec::new();
        for object in objects {
            let segments = segments(object);
            let current = self.bucket(&object.bucket)?.read().objects.get(&object.key).cloned();
            if !current.is_some_and(|current| is_as_declared(&current, object, &segments)) {
                missing.push((object, segments));
            }
        }
        let checksums = all_checksums(&missing);
        let entries: Vec<_> = missing
            .into_iter()
            .zip(checksums)
            .map(|((object, segments), checksum)| Entry::Put {
                bucket: object.bucket.as_str().into(),
                key: object.key.as_str().into(),
                object: Cow::Owned(record(object.size, segments, checksum, now)),
            })
            .collect();
        let count = entries.len();
        self.commit(|| Ok::<_, ObjectsError>(entries))?;
        Ok(count)
    }
}

fn record(size: u64, segments: Vec<Segment>, checksum: Option<Checksum>, modified_ms: u64) -> ObjectRecord {
    ObjectRecord {
        size,
        etag: etag::of_segments(&segments),
        modified_ms,
        segments,
        checksum,
        meta: ObjectMeta::default(),
        parts: Vec::new(),
    }
}

fn segments(object: &DeclaredObject) -> Vec<Segment> {
    if object.size == 0 {
        return Vec::new();
    }
    vec![Segment::Synthetic { start: Content::of_key(&object.key).start(), len: object.size }]
}

/// Whether the object is already as declared. A stored checksum of the right algorithm is not computed again.
fn is_as_declared(current: &Arc<Object>, wanted: &DeclaredObject, segments: &[Segment]) -> bool {
    current.segments == segments
        && wanted
            .checksum
            .is_none_or(|algorithm| current.checksum.as_ref().is_some_and(|has| has.algorithm == algorithm))
}

/// The checksums that `objects` ask for, in their order, computed on one thread per core.
fn all_checksums(objects: &[(&DeclaredObject, Vec<Segment>)]) -> Vec<Option<Checksum>> {
    if objects.iter().all(|(object, _)| object.checksum.is_none()) {
        return vec![None; objects.len()];
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = objects.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = objects
            .chunks(share)
            .map(|chunk| scope.spawn(|| chunk.iter().map(|(object, _)| checksum(object)).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a checksum cannot panic")).collect()
    })
}

fn checksum(object: &DeclaredObject) -> Option<Checksum> {
    let compute = |algorithm: ChecksumAlgorithm| {
        Checksum::full(algorithm, checksum::of_content(algorithm, Content::of_key(&object.key), object.size))
    };
    object.checksum.map(compute)
}
