//! Deletes objects, one or many per request.

use s3s::{S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{backend::Backend, checks::refuse_version, condition};
use crate::objects::{ObjectsError, Precondition};

/// How many keys one request may name.
const MAX_KEYS: usize = 1000;

pub(super) fn one(backend: &Backend, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
    let input = req.input;
    refuse_version(input.version_id.as_deref())?;
    let precondition = condition::of_write(input.if_match, None)?;
    backend.objects.delete(&input.bucket, &[&input.key], &precondition)?;
    Ok(S3Response::new(DeleteObjectOutput::default()))
}

pub(super) fn many(backend: &Backend, req: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
    let input = req.input;
    let objects = input.delete.objects;
    if objects.is_empty() || objects.len() > MAX_KEYS {
        return Err(s3_error!(MalformedXML, "A request names between 1 and 1000 keys"));
    }
    let (plain, conditional): (Vec<_>, Vec<_>) = objects.into_iter().partition(|object| object.e_tag.is_none());
    let keys: Vec<&str> = plain.iter().map(|object| object.key.as_str()).collect();
    backend.objects.delete(&input.bucket, &keys, &Precondition::None)?;
    let mut deleted: Vec<_> = plain.into_iter().map(|object| object.key).collect();
    let mut errors = Vec::new();
    for object in conditional {
        let precondition = object.e_tag.map_or(Precondition::None, |etag| Precondition::ETag(etag.into_value()));
        match backend.objects.delete(&input.bucket, &[&object.key], &precondition) {
            Ok(()) => deleted.push(object.key),
            Err(ObjectsError::PreconditionFailed) => errors.push(Error {
                code: Some("PreconditionFailed".to_owned()),
                key: Some(object.key),
                message: Some("At least one of the pre-conditions you specified did not hold".to_owned()),
                version_id: None,
            }),
            Err(error) => return Err(error.into()),
        }
    }
    let quiet = input.delete.quiet.unwrap_or(false);
    let deleted = deleted.into_iter().map(|key| DeletedObject { key: Some(key), ..Default::default() });
    Ok(S3Response::new(DeleteObjectsOutput {
        deleted: (!quiet).then(|| deleted.collect()),
        errors: (!errors.is_empty()).then_some(errors),
        ..Default::default()
    }))
}
