//! Multipart uploads: all operations except the upload of a part's body.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use s3s::{S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{
    backend::Backend,
    checks::{part_number, refuse_encryption},
    checksum_fields::{self, get_checksum, set_checksum},
    condition::{self, timestamp},
    failure::invalid_argument,
    meta::take_meta,
    owner::{initiator, owner},
};
use crate::{
    checksum::{ChecksumAlgorithm, ChecksumKind},
    clock::wall_ms,
    objects::{CompleteClaims, CompletePart, UploadRecord},
};

pub(super) fn create(
    backend: &Backend,
    req: S3Request<CreateMultipartUploadInput>,
) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
    let mut input = req.input;
    refuse_encryption(input.sse_customer_algorithm.is_some(), input.server_side_encryption.as_ref())?;
    let checksum = upload_checksum(input.checksum_algorithm.as_ref(), input.checksum_type.as_ref())?;
    let record = UploadRecord { key: input.key.clone(), initiated_ms: wall_ms(), checksum, meta: take_meta!(input)? };
    let id = new_upload_id();
    backend.objects.begin_upload(&input.bucket, &id, record)?;
    Ok(S3Response::new(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(id),
        checksum_algorithm: checksum.map(|(algorithm, _)| checksum_fields::algorithm(algorithm)),
        checksum_type: checksum.map(|(_, kind)| checksum_fields::kind(kind)),
        ..Default::default()
    }))
}

/// An id that no other upload has, not even one from before a restart.
fn new_upload_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one((wall_ms(), count)), random.hash_one(count))
}

/// The checksum that the object of the upload gets.
fn upload_checksum(
    algorithm: Option<&s3s::dto::ChecksumAlgorithm>,
    kind: Option<&ChecksumType>,
) -> S3Result<Option<(ChecksumAlgorithm, ChecksumKind)>> {
    let Some(name) = algorithm else {
        return match kind {
            None => Ok(None),
            Some(_) => Err(s3_error!(
                InvalidRequest,
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )),
        };
    };
    let algorithm = ChecksumAlgorithm::parse(name.as_str())
        .ok_or_else(|| s3_error!(InvalidRequest, "Checksum algorithm provided is unsupported."))?;
    // S3 accepts any case, and the AWS CRT sends lower case.
    let kind = match kind.map(|kind| kind.as_str().to_ascii_uppercase()).as_deref() {
        Some(ChecksumType::FULL_OBJECT) => ChecksumKind::FullObject,
        Some(ChecksumType::COMPOSITE) => ChecksumKind::Composite,
        Some(_) => return Err(invalid_argument("Value for x-amz-checksum-type header is invalid.")),
        None if algorithm == ChecksumAlgorithm::Crc64Nvme => ChecksumKind::FullObject,
        None => ChecksumKind::Composite,
    };
    let possible = match kind {
        ChecksumKind::FullObject => algorithm.combines(),
        ChecksumKind::Composite => algorithm != ChecksumAlgorithm::Crc64Nvme,
    };
    if !possible {
        let message = format!(
            "The {} checksum type cannot be used with the {} checksum algorithm.",
            checksum_fields::kind(kind).as_str(),
            algorithm.name()
        );
        return Err(s3s::S3Error::with_message(s3s::S3ErrorCode::InvalidRequest, message));
    }
    Ok(Some((algorithm, kind)))
}

pub(super) fn complete(
    backend: &Backend,
    req: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
    let mut input = req.input;
    let precondition = condition::of_write(input.if_match.take(), input.if_none_match.take())?;
    let claims = CompleteClaims {
        size: input.mpu_object_size.and_then(|size| u64::try_from(size).ok()),
        checksum: get_checksum!(input),
    };
    let listed = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    if listed.is_empty() {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    let parts = listed.into_iter().map(complete_part).collect::<S3Result<Vec<_>>>()?;
    let object =
        backend.objects.complete_upload(&input.bucket, &input.key, &input.upload_id, &parts, &claims, &precondition)?;
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        ..Default::default()
    };
    set_checksum!(output, checksum_fields::pair(object.checksum.as_ref()));
    output.checksum_type = object.checksum.as_ref().map(|checksum| checksum_fields::kind(checksum.kind));
    Ok(S3Response::new(output))
}

fn complete_part(mut part: CompletedPart) -> S3Result<CompletePart> {
    let number = part.part_number.ok_or_else(|| s3_error!(MalformedXML, "A part has no PartNumber"))?;
    Ok(CompletePart {
        number: part_number(number)?,
        etag: part.e_tag.take().map(ETag::into_value),
        checksum: get_checksum!(part),
    })
}

pub(super) fn abort(
    backend: &Backend,
    req: S3Request<AbortMultipartUploadInput>,
) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
    backend.objects.abort_upload(&req.input.bucket, &req.input.key, &req.input.upload_id)?;
    Ok(S3Response::new(AbortMultipartUploadOutput::default()))
}

pub(super) fn list_parts(backend: &Backend, req: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
    let input = req.input;
    let upload = backend.objects.upload(&input.bucket, &input.key, &input.upload_id)?;
    let marker = input.part_number_marker.unwrap_or(0);
    let max = input.max_parts.unwrap_or(1000).clamp(0, 1000);
    let mut parts = upload.parts_after(u32::try_from(marker).unwrap_or(0));
    let truncated = parts.len() > max.unsigned_abs() as usize;
    parts.truncate(max.unsigned_abs() as usize);
    let listed = parts.iter().map(|(number, part)| {
        let mut listed = Part {
            part_number: Some(number.cast_signed()),
            size: Some(part.size.cast_signed()),
            e_tag: Some(ETag::Strong(part.etag.clone())),
            last_modified: Some(timestamp(part.modified_ms)),
            ..Default::default()
        };
        set_checksum!(listed, checksum_fields::pair(part.checksum.as_ref()));
        listed
    });
    Ok(S3Response::new(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        owner: Some(owner()),
        initiator: Some(initiator()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: upload.record.checksum.map(|(algorithm, _)| checksum_fields::algorithm(algorithm)),
        checksum_type: upload.record.checksum.map(|(_, kind)| checksum_fields::kind(kind)),
        part_number_marker: Some(marker),
        next_part_number_marker: parts.last().map(|(number, _)| number.cast_signed()),
        max_parts: Some(max),
        is_truncated: Some(truncated),
        parts: Some(listed.collect()),
        ..Default::default()
    }))
}
