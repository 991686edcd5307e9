//! Completing a multipart upload: the checks that S3 makes and the object that comes of it.

use std::{borrow::Cow, sync::Arc};

use super::{
    bucket::{Part, Upload},
    catalog::{Precondition, Store, StoreError},
    record::{Entry, ObjectRecord, PartSummary, push_segment},
};
use crate::{
    checksum::{self, Checksum, ChecksumAlgorithm, ChecksumKind},
    clock::wall_ms,
    etag,
};

/// All parts but the last must have at least this size.
const MIN_PART_SIZE: u64 = 5 << 20;

/// A part as the request to complete names it.
#[derive(Debug, Clone)]
pub(crate) struct CompletePart {
    pub number: u32,
    /// Without quotes, if given.
    pub etag: Option<String>,
    pub checksum: Option<(ChecksumAlgorithm, String)>,
}

/// Why an upload cannot be completed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompleteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("part {0} does not follow the one before it")]
    Order(u32),
    #[error("part {0} was not uploaded or has another ETag or checksum")]
    InvalidPart(u32),
    #[error("part {0} is smaller than 5 MiB and not the last")]
    TooSmall(u32),
    #[error("the object's size is {0}")]
    Size(u64),
    #[error("the object's checksum is another")]
    Checksum,
}

/// What the whole object must be.
#[derive(Debug, Default)]
pub(crate) struct CompleteClaims {
    pub size: Option<u64>,
    pub checksum: Option<(ChecksumAlgorithm, String)>,
}

impl Store {
    /// Puts the object that `parts` of the upload make and ends the upload.
    pub(crate) fn complete_upload(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        parts: &[CompletePart],
        claims: &CompleteClaims,
        precondition: &Precondition,
    ) -> Result<ObjectRecord, CompleteError> {
        let mut made = None;
        self.commit(|| {
            let upload = match self.upload(bucket, key, upload_id) {
                Err(StoreError::NoSuchUpload) if let Some(done) = self.completed(bucket, key, parts) => {
                    made = Some(done);
                    return Ok(Vec::new());
                }
                upload => upload?,
            };
            let chosen = choose_parts(&upload, parts)?;
            let object = assemble(&upload, &chosen);
            check_claims(&object, claims)?;
            precondition.check(self.bucket(bucket)?.read().objects.get(key).map(AsRef::as_ref))?;
            made = Some(object.clone());
            Ok::<_, CompleteError>(vec![Entry::Complete {
                bucket: bucket.into(),
                upload: upload_id.into(),
                key: key.into(),
                object: Cow::Owned(object),
            }])
        })?;
        Ok(made.expect("a commit that succeeded has decided"))
    }
}

impl Store {
    /// The object that the same parts made before: a client that lost the answer asks again.
    fn completed(&self, bucket: &str, key: &str, parts: &[CompletePart]) -> Option<ObjectRecord> {
        let etags: Vec<&str> = parts.iter().map(|part| part.etag.as_deref()).collect::<Option<_>>()?;
        let object = self.object(bucket, key).ok()?;
        let made = etag::of_parts(etags.iter().copied(), etags.len());
        (object.parts.len() == parts.len() && object.etag == made).then(|| ObjectRecord::clone(&object))
    }
}

fn choose_parts(upload: &Upload, parts: &[CompletePart]) -> Result<Vec<(u32, Arc<Part>)>, CompleteError> {
    let mut chosen = Vec::with_capacity(parts.len());
    let mut before = 0;
    for wanted in parts {
        let number = wanted.number;
        if number <= before {
            return Err(CompleteError::Order(number));
        }
        before = number;
        let part = upload.part(number).ok_or(CompleteError::InvalidPart(number))?;
        let same_etag = wanted.etag.as_ref().is_none_or(|etag| *etag == part.etag);
        let same_checksum = match (&wanted.checksum, &part.checksum) {
            (Some((algorithm, value)), Some(has)) => *algorithm == has.algorithm && *value == has.value,
            // Without one of ours to compare, a claim cannot be confirmed.
            (Some(_), None) => false,
            (None, _) => true,
        };
        if !same_etag || !same_checksum {
            return Err(CompleteError::InvalidPart(number));
        }
        chosen.push((number, part));
    }
    let all_but_last = &chosen[..chosen.len().saturating_sub(1)];
    match all_but_last.iter().find(|(_, part)| part.size < MIN_PART_SIZE) {
        Some((number, _)) => Err(CompleteError::TooSmall(*number)),
        None => Ok(chosen),
    }
}

fn assemble(upload: &Upload, parts: &[(u32, Arc<Part>)]) -> ObjectRecord {
    let mut segments = Vec::new();
    for segment in parts.iter().flat_map(|(_, part)| &part.segments) {
        push_segment(&mut segments, *segment);
    }
    ObjectRecord {
        size: parts.iter().map(|(_, part)| part.size).sum(),
        etag: etag::of_parts(parts.iter().map(|(_, part)| part.etag.as_str()), parts.len()),
        modified_ms: wall_ms(),
        segments,
        checksum: upload.record.checksum.and_then(|(algorithm, kind)| whole_checksum(algorithm, kind, parts)),
        meta: upload.record.meta.clone(),
        parts: parts.iter().map(|(number, part)| summary(*number, part)).collect(),
    }
}

fn whole_checksum(algorithm: ChecksumAlgorithm, kind: ChecksumKind, parts: &[(u32, Arc<Part>)]) -> Option<Checksum> {
    let values: Option<Vec<(u64, &str)>> =
        parts.iter().map(|(_, part)| Some((part.size, part.checksum.as_ref()?.value.as_str()))).collect();
    checksum::of_parts(algorithm, kind, values?.into_iter())
}

fn summary(number: u32, part: &Part) -> PartSummary {
    PartSummary { number, size: part.size, checksum: part.checksum.as_ref().map(|checksum| checksum.value.clone()) }
}

fn check_claims(object: &ObjectRecord, claims: &CompleteClaims) -> Result<(), CompleteError> {
    if claims.size.is_some_and(|size| size != object.size) {
        return Err(CompleteError::Size(object.size));
    }
    match (&claims.checksum, &object.checksum) {
        // A client may leave the number of parts out of a composite value.
        (Some((algorithm, value)), Some(has))
            if *algorithm != has.algorithm || value.split('-').next() != has.value.split('-').next() =>
        {
            Err(CompleteError::Checksum)
        }
        _ => Ok(()),
    }
}
