//! Completes a multipart upload: makes the checks that S3 makes, and puts the object together.

use std::{borrow::Cow, sync::Arc};

use super::{
    bucket::{Part, Upload},
    error::ObjectsError,
    etag,
    precondition::Precondition,
    record::{Entry, ObjectRecord, PartSummary},
    segment::push_segment,
    state_dir::Objects,
};
use crate::{
    checksum::{self, Checksum, ChecksumAlgorithm, ChecksumKind},
    clock::wall_ms,
};

/// Every part except the last must have at least this size in bytes.
const MIN_PART_SIZE: u64 = 5 << 20;

/// A part as the request names it.
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
    Objects(#[from] ObjectsError),
    #[error("part {0} is not in ascending order")]
    Order(u32),
    #[error("part {0} was not uploaded or has another ETag or checksum")]
    InvalidPart(u32),
    #[error("part {0} is smaller than 5 MiB and not the last")]
    TooSmall(u32),
    #[error("the object has {0} bytes, which is not the size that the request names")]
    Size(u64),
    #[error("the object's checksum is not the one that the request names")]
    Checksum,
}

/// What the request says about the whole object.
#[derive(Debug, Default)]
pub(crate) struct CompleteClaims {
    pub size: Option<u64>,
    pub checksum: Option<(ChecksumAlgorithm, String)>,
}

impl Objects {
    /// Puts the object that consists of `parts` of the upload, and ends the upload.
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
                Err(ObjectsError::NoSuchUpload) if let Some(done) = self.completed(bucket, key, parts) => {
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
        Ok(made.expect("a commit that succeeds has set it"))
    }

    /// The object that the same parts made before. A client asks again if it did not get the first answer.
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
            // There is no stored checksum to compare with.
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
        // A client may leave out the number of parts at the end of a composite value.
        (Some((algorithm, value)), Some(has))
            if *algorithm != has.algorithm || value.split('-').next() != has.value.split('-').next() =>
        {
            Err(CompleteError::Checksum)
        }
        _ => Ok(()),
    }
}
