//! What the journal says: the records of objects, parts and uploads, and the entries that change them.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use synthetic_content::Content;

use super::blob::BlobId;
use crate::checksum::{Checksum, ChecksumAlgorithm, ChecksumKind};

/// Where a run of an object's bytes comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Segment {
    /// A slice of the ring.
    Synthetic { start: u32, len: u64 },
    /// A slice of a blob file.
    Stored { blob: BlobId, offset: u64, len: u64 },
}

impl Segment {
    pub(crate) fn len(&self) -> u64 {
        match *self {
            Self::Synthetic { len, .. } | Self::Stored { len, .. } => len,
        }
    }

    /// The part of this segment from `skip` on, at most `limit` bytes of it.
    pub(crate) fn slice(&self, skip: u64, limit: u64) -> Self {
        let left = self.len().saturating_sub(skip).min(limit);
        match *self {
            Self::Synthetic { start, .. } => {
                Self::Synthetic { start: Content::from_start(start.into()).skip(skip).start(), len: left }
            }
            Self::Stored { blob, offset, .. } => Self::Stored { blob, offset: offset + skip, len: left },
        }
    }

    /// Makes this segment the longer if `next` goes on where it ends.
    fn extend(&mut self, next: &Self) -> bool {
        match (self, next) {
            (Self::Synthetic { start, len }, Self::Synthetic { start: next_start, len: more })
                if Content::from_start((*start).into()).skip(*len).start() == *next_start =>
            {
                *len += more;
                true
            }
            (Self::Stored { blob, offset, len }, Self::Stored { blob: next_blob, offset: next_offset, len: more })
                if blob == next_blob && *offset + *len == *next_offset =>
            {
                *len += more;
                true
            }
            _ => false,
        }
    }
}

/// Appends `segment`, joining it to the last one where the bytes go on.
pub(crate) fn push_segment(segments: &mut Vec<Segment>, segment: Segment) {
    if segment.len() > 0 && !segments.last_mut().is_some_and(|last| last.extend(&segment)) {
        segments.push(segment);
    }
}

/// The segments of `range` of what `segments` describe.
pub(crate) fn slice_segments(segments: &[Segment], range: std::ops::Range<u64>) -> Vec<Segment> {
    let mut slices = Vec::new();
    let mut at = 0;
    for segment in segments {
        let end = at + segment.len();
        if end > range.start && at < range.end {
            let skip = range.start.saturating_sub(at);
            push_segment(&mut slices, segment.slice(skip, range.end - at - skip));
        }
        at = end;
    }
    slices
}

/// What a client says about an object and gets back with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectMeta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_redirect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub user: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl ObjectMeta {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Size and checksum of one part of a completed multipart upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartSummary {
    pub number: u32,
    pub size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectRecord {
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    pub modified_ms: u64,
    pub segments: Vec<Segment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<Checksum>,
    #[serde(default, skip_serializing_if = "ObjectMeta::is_default")]
    pub meta: ObjectMeta,
    /// Empty unless it came from a multipart upload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartSummary>,
}

/// An uploaded part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartRecord {
    pub size: u64,
    pub etag: String,
    pub modified_ms: u64,
    pub segments: Vec<Segment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<Checksum>,
}

/// A multipart upload that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadRecord {
    pub key: String,
    pub initiated_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<(ChecksumAlgorithm, ChecksumKind)>,
    #[serde(default, skip_serializing_if = "ObjectMeta::is_default")]
    pub meta: ObjectMeta,
}

/// One line of the journal: a change that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Entry<'a> {
    CreateBucket {
        bucket: Cow<'a, str>,
        created_ms: u64,
    },
    DeleteBucket {
        bucket: Cow<'a, str>,
    },
    /// A document stored as given, such as the lifecycle configuration; `None` removes it.
    Setting {
        bucket: Cow<'a, str>,
        name: Cow<'a, str>,
        document: Option<Cow<'a, str>>,
    },
    Put {
        bucket: Cow<'a, str>,
        key: Cow<'a, str>,
        object: Cow<'a, ObjectRecord>,
    },
    Delete {
        bucket: Cow<'a, str>,
        keys: Vec<Cow<'a, str>>,
    },
    BeginUpload {
        bucket: Cow<'a, str>,
        upload: Cow<'a, str>,
        record: Cow<'a, UploadRecord>,
    },
    Part {
        bucket: Cow<'a, str>,
        upload: Cow<'a, str>,
        number: u32,
        part: Cow<'a, PartRecord>,
    },
    AbortUpload {
        bucket: Cow<'a, str>,
        upload: Cow<'a, str>,
    },
    /// Ends an upload and puts what it makes.
    Complete {
        bucket: Cow<'a, str>,
        upload: Cow<'a, str>,
        key: Cow<'a, str>,
        object: Cow<'a, ObjectRecord>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synthetic(start: u32, len: u64) -> Segment {
        Segment::Synthetic { start, len }
    }

    #[test]
    fn neighbours_join_and_slices_cut() {
        let mut segments = Vec::new();
        push_segment(&mut segments, synthetic(10, 5));
        push_segment(&mut segments, synthetic(15, 5));
        push_segment(&mut segments, synthetic(100, 0));
        push_segment(&mut segments, Segment::Stored { blob: BlobId(1), offset: 0, len: 4 });
        push_segment(&mut segments, Segment::Stored { blob: BlobId(1), offset: 4, len: 6 });
        assert_eq!(segments, [synthetic(10, 10), Segment::Stored { blob: BlobId(1), offset: 0, len: 10 }]);
        assert_eq!(
            slice_segments(&segments, 8..13),
            [synthetic(18, 2), Segment::Stored { blob: BlobId(1), offset: 0, len: 3 }]
        );
        assert_eq!(slice_segments(&segments, 12..13), [Segment::Stored { blob: BlobId(1), offset: 2, len: 1 }]);
        assert_eq!(slice_segments(&segments, 20..20), []);
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let object = ObjectRecord {
            size: 7,
            etag: "e-1".into(),
            modified_ms: 12,
            segments: vec![synthetic(3, 7)],
            checksum: Some(Checksum::full(ChecksumAlgorithm::Crc64Nvme, "AAAAAAAAAAA=".into())),
            meta: ObjectMeta { content_type: Some("text/plain".into()), ..ObjectMeta::default() },
            parts: vec![PartSummary { number: 1, size: 7, checksum: None }],
        };
        let entry = Entry::Put { bucket: "b".into(), key: "k \"ü\"\n".into(), object: Cow::Owned(object) };
        let line = serde_json::to_string(&entry).expect("serializes");
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Entry<'_>>(&line).expect("parses"), entry);
    }
}
