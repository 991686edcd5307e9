//! Lists the multipart uploads that are under way.

use std::{collections::BTreeMap, sync::Arc};

use s3s::{S3Request, S3Response, S3Result, dto::*};

use super::page::{Names, items, limit, prefixes};
use crate::{
    objects::{Query, Upload},
    s3::{
        backend::Backend,
        checksum_fields,
        condition::timestamp,
        owner::{initiator, owner},
    },
};

/// Separates key and id in the names that uploads are ordered by. XML cannot carry it, so no listed key has it.
const SEPARATOR: char = '\0';

pub(in crate::s3) fn uploads(
    backend: &Backend,
    req: S3Request<ListMultipartUploadsInput>,
) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
    let input = req.input;
    let names = Names::of(input.encoding_type.as_ref())?;
    let max = limit(input.max_uploads)?;
    let all = by_key_and_id(backend, &input.bucket)?;
    let after = match (&input.key_marker, &input.upload_id_marker) {
        (None, _) => String::new(),
        (Some(key), Some(id)) => format!("{key}{SEPARATOR}{id}"),
        // The page begins after all uploads of the marker's key.
        (Some(key), None) => format!("{key}{SEPARATOR}{}", char::MAX),
    };
    let query = Query {
        prefix: input.prefix.as_deref().unwrap_or(""),
        delimiter: input.delimiter.as_deref(),
        after: &after,
        limit: max.unsigned_abs() as usize,
    };
    let page = query.page(&all);
    let next = page.next.as_deref().map(|next| next.split_once(SEPARATOR).unwrap_or((next, "")));
    Ok(S3Response::new(ListMultipartUploadsOutput {
        uploads: Some(items(&page).map(|(name, item)| upload(names, name, item)).collect()),
        common_prefixes: prefixes(names, &page),
        is_truncated: Some(next.is_some()),
        next_key_marker: next.map(|(key, _)| names.write(key)),
        next_upload_id_marker: next.map(|(_, id)| id.to_owned()),
        bucket: Some(input.bucket),
        prefix: input.prefix.map(|prefix| names.write(&prefix)),
        key_marker: Some(names.write(input.key_marker.as_deref().unwrap_or(""))),
        upload_id_marker: Some(input.upload_id_marker.unwrap_or_default()),
        max_uploads: Some(max),
        delimiter: input.delimiter.map(|delimiter| names.write(&delimiter)),
        encoding_type: input.encoding_type,
        request_charged: None,
    }))
}

/// The uploads of a bucket, each under its key, the separator and its id.
fn by_key_and_id(backend: &Backend, bucket: &str) -> S3Result<BTreeMap<String, Arc<Upload>>> {
    let bucket = backend.objects.bucket(bucket)?;
    let state = bucket.read();
    let named =
        |(id, upload): (&String, &Arc<Upload>)| (format!("{}{SEPARATOR}{id}", upload.record.key), Arc::clone(upload));
    Ok(state.uploads.iter().map(named).collect())
}

fn upload(names: Names, name: &str, upload: &Upload) -> MultipartUpload {
    let (key, id) = name.split_once(SEPARATOR).unwrap_or((name, ""));
    let checksum = upload.record.checksum;
    MultipartUpload {
        key: Some(names.write(key)),
        upload_id: Some(id.to_owned()),
        initiated: Some(timestamp(upload.record.initiated_ms)),
        owner: Some(owner()),
        initiator: Some(initiator()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: checksum.map(|(algorithm, _)| checksum_fields::algorithm(algorithm)),
        checksum_type: checksum.map(|(_, kind)| checksum_fields::kind(kind)),
    }
}
