//! The tags of buckets and objects.

use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::percent_decode_str;
use s3s::{S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{backend::Backend, failure::invalid_argument};
use crate::objects::{ObjectRecord, Precondition};

/// The setting that holds a bucket's tags.
const BUCKET_TAGS: &str = "tagging";

/// Parses an `x-amz-tagging` header, which is written like a query string.
pub(super) fn parse_header(text: &str) -> S3Result<BTreeMap<String, String>> {
    let decode = |text: &str| {
        let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
        percent_decode_str(&spaced)
            .decode_utf8()
            .map(Cow::into_owned)
            .map_err(|_| invalid_argument("The header 'x-amz-tagging' is not valid UTF-8"))
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key)?, decode(value)?))
        })
        .collect()
}

fn to_map(tags: TagSet) -> S3Result<BTreeMap<String, String>> {
    let mut map = BTreeMap::new();
    for tag in tags {
        let key = tag.key.filter(|key| !key.is_empty()).ok_or_else(|| s3_error!(InvalidTag, "A tag has no key"))?;
        if map.insert(key, tag.value.unwrap_or_default()).is_some() {
            return Err(s3_error!(InvalidTag, "Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(map)
}

fn to_set(map: &BTreeMap<String, String>) -> TagSet {
    map.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

pub(super) fn put_bucket(
    backend: &Backend,
    req: S3Request<PutBucketTaggingInput>,
) -> S3Result<S3Response<PutBucketTaggingOutput>> {
    let tags = to_map(req.input.tagging.tag_set)?;
    let document = serde_json::to_string(&tags).map_err(s3s::S3Error::internal_error)?;
    backend.objects.set(&req.input.bucket, BUCKET_TAGS, Some(document))?;
    Ok(S3Response::new(PutBucketTaggingOutput::default()))
}

pub(super) fn get_bucket(
    backend: &Backend,
    req: S3Request<GetBucketTaggingInput>,
) -> S3Result<S3Response<GetBucketTaggingOutput>> {
    let document = backend.objects.setting(&req.input.bucket, BUCKET_TAGS)?;
    let document = document.ok_or_else(|| s3_error!(NoSuchTagSet, "The TagSet does not exist"))?;
    let tags = serde_json::from_str(&document).map_err(s3s::S3Error::internal_error)?;
    Ok(S3Response::new(GetBucketTaggingOutput { tag_set: to_set(&tags) }))
}

pub(super) fn delete_bucket(
    backend: &Backend,
    req: S3Request<DeleteBucketTaggingInput>,
) -> S3Result<S3Response<DeleteBucketTaggingOutput>> {
    backend.objects.set(&req.input.bucket, BUCKET_TAGS, None)?;
    Ok(S3Response::new(DeleteBucketTaggingOutput::default()))
}

pub(super) fn put_object(
    backend: &Backend,
    req: S3Request<PutObjectTaggingInput>,
) -> S3Result<S3Response<PutObjectTaggingOutput>> {
    let tags = to_map(req.input.tagging.tag_set)?;
    replace_tags(backend, &req.input.bucket, &req.input.key, tags)?;
    Ok(S3Response::new(PutObjectTaggingOutput::default()))
}

pub(super) fn get_object(
    backend: &Backend,
    req: S3Request<GetObjectTaggingInput>,
) -> S3Result<S3Response<GetObjectTaggingOutput>> {
    let object = backend.objects.object(&req.input.bucket, &req.input.key)?;
    Ok(S3Response::new(GetObjectTaggingOutput { tag_set: to_set(&object.meta.tags), version_id: None }))
}

pub(super) fn delete_object(
    backend: &Backend,
    req: S3Request<DeleteObjectTaggingInput>,
) -> S3Result<S3Response<DeleteObjectTaggingOutput>> {
    replace_tags(backend, &req.input.bucket, &req.input.key, BTreeMap::new())?;
    Ok(S3Response::new(DeleteObjectTaggingOutput::default()))
}

fn replace_tags(backend: &Backend, bucket: &str, key: &str, tags: BTreeMap<String, String>) -> S3Result<()> {
    let object = backend.objects.object(bucket, key)?;
    let mut record = ObjectRecord::clone(&object);
    record.meta.tags = tags;
    // If the object was replaced meanwhile, the tags are not meant for the new one.
    backend.objects.put(bucket, key, record, &Precondition::ETag(object.etag.clone()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_a_query_string() {
        let tags = parse_header("a=1&b+c=%C3%BC&d").expect("is valid");
        let pairs: Vec<_> = tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b c", "ü"), ("d", "")]);
    }
}
