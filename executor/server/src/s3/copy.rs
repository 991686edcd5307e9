//! Copies of objects and of ranges into parts. A copy shares the segments of its source, so no bytes move.

use std::{ops::Range as Bytes, sync::Arc};

use s3s::{S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{
    backend::Backend,
    checks::{part_number, refuse_encryption, refuse_version},
    checksum_fields::{self, set_checksum},
    condition::{source_conditions, timestamp},
    failure::{self, invalid_argument},
    meta::take_meta,
    tagging,
};
use crate::{
    checksum::{Checksum, ChecksumAlgorithm, ChecksumKind, Hasher},
    clock::wall_ms,
    objects::{Object, ObjectMeta, ObjectRecord, PartRecord, Precondition, etag, slice_segments},
};

pub(super) async fn object(
    backend: &Backend,
    req: S3Request<CopyObjectInput>,
) -> S3Result<S3Response<CopyObjectOutput>> {
    let mut input = req.input;
    refuse_encryption(input.sse_customer_algorithm.is_some(), input.server_side_encryption.as_ref())?;
    let source = source(backend, &input.copy_source)?;
    source_conditions!(input).check_source(&source)?;
    let meta = copied_meta(&mut input, &source)?;
    let algorithm = input.checksum_algorithm.as_ref().and_then(|name| ChecksumAlgorithm::parse(name.as_str()));
    let record = ObjectRecord {
        modified_ms: wall_ms(),
        checksum: copied_checksum(&source, algorithm).await?,
        etag: etag::of_segments(&source.segments),
        meta,
        // A copy is an object without parts, even if its source was uploaded in parts.
        parts: Vec::new(),
        segments: source.segments.clone(),
        size: source.size,
    };
    let mut result = CopyObjectResult {
        e_tag: Some(ETag::Strong(record.etag.clone())),
        last_modified: Some(timestamp(record.modified_ms)),
        checksum_type: record.checksum.as_ref().map(|checksum| checksum_fields::kind(checksum.kind)),
        ..Default::default()
    };
    set_checksum!(result, checksum_fields::pair(record.checksum.as_ref()));
    backend.objects.put(&input.bucket, &input.key, record, &Precondition::None)?;
    Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(result), ..Default::default() }))
}

/// The metadata and tags of the copy: those of the source, or those of the request where its directives say so.
fn copied_meta(input: &mut CopyObjectInput, source: &Object) -> S3Result<ObjectMeta> {
    let replaces_meta =
        input.metadata_directive.as_ref().is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
    let replaces_tags =
        input.tagging_directive.as_ref().is_some_and(|directive| directive.as_str() == TaggingDirective::REPLACE);
    if is_same(&input.copy_source, &input.bucket, &input.key) && !replaces_meta && input.storage_class.is_none() {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
        ));
    }
    let tags = input.tagging.clone();
    let given = take_meta!(input)?;
    let mut meta = if replaces_meta { given.clone() } else { source.meta.clone() };
    meta.storage_class = given.storage_class;
    meta.tags = match tags {
        Some(tags) if replaces_tags => tagging::parse_header(&tags)?,
        _ => source.meta.tags.clone(),
    };
    Ok(meta)
}

pub(super) async fn part(
    backend: &Backend,
    req: S3Request<UploadPartCopyInput>,
) -> S3Result<S3Response<UploadPartCopyOutput>> {
    let mut input = req.input;
    let number = part_number(input.part_number)?;
    let upload = backend.objects.upload(&input.bucket, &input.key, &input.upload_id)?;
    let source = source(backend, &input.copy_source)?;
    source_conditions!(input).check_source(&source)?;
    let range = match &input.copy_source_range {
        None => 0..source.size,
        Some(text) => copy_range(text, source.size)?,
    };
    let segments = slice_segments(&source.segments, range.clone());
    let checksum = match upload.record.checksum {
        Some((algorithm, _)) => Some(Checksum::full(algorithm, computed(&source, range.clone(), algorithm).await?)),
        None => None,
    };
    let part = PartRecord {
        size: range.end - range.start,
        etag: etag::of_segments(&segments),
        modified_ms: wall_ms(),
        segments,
        checksum,
    };
    let mut result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(timestamp(part.modified_ms)),
        ..Default::default()
    };
    set_checksum!(result, checksum_fields::pair(part.checksum.as_ref()));
    backend.objects.put_part(&input.bucket, &input.key, &input.upload_id, number, part)?;
    Ok(S3Response::new(UploadPartCopyOutput { copy_part_result: Some(result), ..Default::default() }))
}

fn source(backend: &Backend, source: &CopySource) -> S3Result<Arc<Object>> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        return Err(s3_error!(NotImplemented, "Access points are not implemented"));
    };
    refuse_version(version_id.as_deref())?;
    Ok(backend.objects.object(bucket, key)?)
}

fn is_same(source: &CopySource, bucket: &str, key: &str) -> bool {
    matches!(source, CopySource::Bucket { bucket: from, key: name, .. } if **from == *bucket && **name == *key)
}

/// Reads `x-amz-copy-source-range`, for which S3 allows the form `bytes=first-last` only.
fn copy_range(text: &str, size: u64) -> S3Result<Bytes<u64>> {
    let range = Range::parse(text).ok().filter(|range| matches!(range, Range::Int { last: Some(_), .. }));
    let invalid = || invalid_argument("The x-amz-copy-source-range value must be of the form bytes=first-last");
    let Some(Range::Int { first, last: Some(last) }) = range else { return Err(invalid()) };
    if last >= size {
        return Err(invalid_argument(format!("Range specified is not valid for source object of size: {size}")));
    }
    Ok(first..last + 1)
}

/// The copy's checksum. It is the source's own if that covers the whole object with the algorithm asked for.
async fn copied_checksum(source: &Arc<Object>, algorithm: Option<ChecksumAlgorithm>) -> S3Result<Option<Checksum>> {
    let stored = source.checksum.as_ref();
    let Some(algorithm) = algorithm.or(stored.map(|checksum| checksum.algorithm)) else { return Ok(None) };
    match stored {
        Some(stored) if stored.algorithm == algorithm && stored.kind == ChecksumKind::FullObject => {
            Ok(Some(stored.clone()))
        }
        _ => Ok(Some(Checksum::full(algorithm, computed(source, 0..source.size, algorithm).await?))),
    }
}

async fn computed(source: &Arc<Object>, range: Bytes<u64>, algorithm: ChecksumAlgorithm) -> S3Result<String> {
    use futures_core::Stream;
    let mut stream = std::pin::pin!(source.read(range));
    let mut hasher = Hasher::new(algorithm);
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        hasher.update(&chunk.map_err(|error| failure::io(std::io::Error::other(error)))?);
        // Synthetic frames are always ready, so a large source would block this thread for all other tasks.
        tokio::task::yield_now().await;
    }
    Ok(hasher.finish())
}
