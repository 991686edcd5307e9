//! What is written to the journal: the records of objects, parts and uploads, and the entries that change them.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::segment::Segment;
use crate::checksum::{Checksum, ChecksumAlgorithm, ChecksumKind};

/// What a client sends about an object and gets back when it reads the object.
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
    /// Empty unless the object came from a multipart upload.
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

/// A multipart upload that is under way.
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

/// One line of the journal: a change that was made.
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
    /// Stores a document as it is given, such as the lifecycle configuration. `None` removes it.
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
    /// Ends a multipart upload and puts the object that it makes.
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

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let object = ObjectRecord {
            size: 7,
            etag: "e-1".into(),
            modified_ms: 12,
            segments: vec![Segment::Synthetic { start: 3, len: 7 }],
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
