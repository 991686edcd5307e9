//! Lists objects, with both versions of the call, and object versions, of which each key has one.

use std::sync::Arc;

use s3s::{S3Request, S3Response, S3Result, dto::*};

use super::page::{Names, items, limit, prefixes};
use crate::{
    objects::{self, Page, Query},
    s3::{backend::Backend, checksum_fields, condition::timestamp, failure::invalid_argument, owner::owner},
};

pub(in crate::s3) fn objects_v2(
    backend: &Backend,
    req: S3Request<ListObjectsV2Input>,
) -> S3Result<S3Response<ListObjectsV2Output>> {
    let input = req.input;
    let names = Names::of(input.encoding_type.as_ref())?;
    let max = limit(input.max_keys)?;
    let token = input.continuation_token.as_deref().map(decode_token).transpose()?;
    let after = token.as_deref().or(input.start_after.as_deref()).unwrap_or("");
    let page = page(backend, &input.bucket, input.prefix.as_deref(), input.delimiter.as_deref(), after, max)?;
    let with_owner = input.fetch_owner.unwrap_or(false);
    Ok(S3Response::new(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(names.write(input.prefix.as_deref().unwrap_or(""))),
        max_keys: Some(max),
        key_count: Some(i32::try_from(page.lines.len()).unwrap_or(max)),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.as_deref().map(encode_token),
        contents: Some(items(&page).map(|(key, item)| object(names, key, item, with_owner)).collect()),
        common_prefixes: prefixes(names, &page),
        delimiter: input.delimiter.map(|delimiter| names.write(&delimiter)),
        encoding_type: input.encoding_type,
        start_after: input.start_after.map(|after| names.write(&after)),
        request_charged: None,
    }))
}

pub(in crate::s3) fn objects(
    backend: &Backend,
    req: S3Request<ListObjectsInput>,
) -> S3Result<S3Response<ListObjectsOutput>> {
    let input = req.input;
    let names = Names::of(input.encoding_type.as_ref())?;
    let max = limit(input.max_keys)?;
    let after = input.marker.as_deref().unwrap_or("");
    let page = page(backend, &input.bucket, input.prefix.as_deref(), input.delimiter.as_deref(), after, max)?;
    Ok(S3Response::new(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(names.write(input.prefix.as_deref().unwrap_or(""))),
        marker: Some(names.write(after)),
        max_keys: Some(max),
        is_truncated: Some(page.next.is_some()),
        // S3 sends it only with a delimiter. Without one the client takes the last key as the marker.
        next_marker: page.next.as_deref().filter(|_| input.delimiter.is_some()).map(|next| names.write(next)),
        contents: Some(items(&page).map(|(key, item)| object(names, key, item, true)).collect()),
        common_prefixes: prefixes(names, &page),
        delimiter: input.delimiter.map(|delimiter| names.write(&delimiter)),
        encoding_type: input.encoding_type,
        request_charged: None,
    }))
}

pub(in crate::s3) fn versions(
    backend: &Backend,
    req: S3Request<ListObjectVersionsInput>,
) -> S3Result<S3Response<ListObjectVersionsOutput>> {
    let input = req.input;
    let names = Names::of(input.encoding_type.as_ref())?;
    let max = limit(input.max_keys)?;
    let after = input.key_marker.as_deref().unwrap_or("");
    let page = page(backend, &input.bucket, input.prefix.as_deref(), input.delimiter.as_deref(), after, max)?;
    let versions = items(&page).map(|(key, item)| {
        let listed = object(names, key, item, true);
        ObjectVersion {
            key: listed.key,
            e_tag: listed.e_tag,
            size: listed.size,
            last_modified: listed.last_modified,
            owner: listed.owner,
            checksum_algorithm: listed.checksum_algorithm,
            checksum_type: listed.checksum_type,
            storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
            version_id: Some("null".to_owned()),
            is_latest: Some(true),
            restore_status: None,
        }
    });
    Ok(S3Response::new(ListObjectVersionsOutput {
        versions: Some(versions.collect()),
        common_prefixes: prefixes(names, &page),
        name: Some(input.bucket),
        prefix: Some(names.write(input.prefix.as_deref().unwrap_or(""))),
        key_marker: Some(names.write(after)),
        max_keys: Some(max),
        is_truncated: Some(page.next.is_some()),
        next_version_id_marker: page.next.is_some().then(|| "null".to_owned()),
        next_key_marker: page.next.map(|next| names.write(&next)),
        delimiter: input.delimiter.map(|delimiter| names.write(&delimiter)),
        encoding_type: input.encoding_type,
        ..Default::default()
    }))
}

fn page(
    backend: &Backend,
    bucket: &str,
    prefix: Option<&str>,
    delimiter: Option<&str>,
    after: &str,
    limit: i32,
) -> S3Result<Page<Arc<objects::Object>>> {
    let query = Query { prefix: prefix.unwrap_or(""), delimiter, after, limit: limit.unsigned_abs() as usize };
    Ok(query.page(&backend.objects.bucket(bucket)?.read().objects))
}

fn object(names: Names, key: &str, object: &objects::Object, with_owner: bool) -> Object {
    let class = object.meta.storage_class.clone().unwrap_or_else(|| StorageClass::STANDARD.to_owned());
    Object {
        key: Some(names.write(key)),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        size: Some(object.size.cast_signed()),
        last_modified: Some(timestamp(object.modified_ms)),
        storage_class: Some(class.into()),
        checksum_algorithm: object
            .checksum
            .as_ref()
            .map(|checksum| vec![checksum_fields::algorithm(checksum.algorithm)]),
        checksum_type: object.checksum.as_ref().map(|checksum| checksum_fields::kind(checksum.kind)),
        owner: with_owner.then(owner),
        restore_status: None,
    }
}

/// A continuation token for the page after `after`. Base64, because a key may have characters that XML cannot carry.
fn encode_token(after: &str) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(after)
}

fn decode_token(token: &str) -> S3Result<String> {
    let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| invalid_argument("The continuation token provided is incorrect"))
}
