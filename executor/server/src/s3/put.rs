//! Uploads of bodies: objects in one request, and parts of multipart uploads.

use s3s::{S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{
    backend::Backend,
    checks::{part_number, refuse_encryption},
    checksum_fields::{self, get_checksum, set_checksum},
    condition,
    meta::take_meta,
    receive::{self, Claims, Received},
};
use crate::{
    checksum::{ChecksumAlgorithm, announced_trailer},
    clock::wall_ms,
    objects::{Expectation, ObjectRecord, PartRecord, Upload, etag},
};

pub(super) async fn put(backend: &Backend, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
    let mut input = req.input;
    refuse_encryption(input.sse_customer_algorithm.is_some(), input.server_side_encryption.as_ref())?;
    if input.write_offset_bytes.is_some() {
        return Err(s3_error!(NotImplemented, "Appending to objects is not implemented"));
    }
    receive::check_announced(&req.headers)?;
    backend.objects.bucket(&input.bucket)?;
    let precondition = condition::of_write(input.if_match.take(), input.if_none_match.take())?;
    let meta = take_meta!(input)?;
    let claims = Claims {
        length: receive::length(input.content_length),
        md5: input.content_md5.take(),
        checksum: get_checksum!(input),
        trailer: announced_trailer(&req.headers),
        compute: input.checksum_algorithm.as_ref().and_then(|name| ChecksumAlgorithm::parse(name.as_str())),
    };
    let expectation = Expectation::whole(&input.key);
    let Received { body, checksum } =
        receive::receive(&backend.objects, input.body.take(), expectation, claims, req.trailing_headers).await?;
    let etag = etag::of_segments(&body.segments);
    let mut output = PutObjectOutput { e_tag: Some(ETag::Strong(etag.clone())), ..Default::default() };
    set_checksum!(output, checksum_fields::pair(checksum.as_ref()));
    output.checksum_type = checksum.as_ref().map(|checksum| checksum_fields::kind(checksum.kind));
    let object = ObjectRecord {
        size: body.size,
        etag,
        modified_ms: wall_ms(),
        segments: body.segments,
        checksum,
        meta,
        parts: Vec::new(),
    };
    backend.objects.put(&input.bucket, &input.key, object, &precondition)?;
    // The index links to the blob now.
    drop(body.blob);
    Ok(S3Response::new(output))
}

pub(super) async fn part(backend: &Backend, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
    let mut input = req.input;
    refuse_encryption(input.sse_customer_algorithm.is_some(), None)?;
    receive::check_announced(&req.headers)?;
    let number = part_number(input.part_number)?;
    let upload = backend.objects.upload(&input.bucket, &input.key, &input.upload_id)?;
    let length = receive::length(input.content_length);
    let claims = Claims {
        length,
        md5: input.content_md5.take(),
        checksum: get_checksum!(input),
        trailer: announced_trailer(&req.headers),
        compute: upload.record.checksum.map(|(algorithm, _)| algorithm),
    };
    check_algorithm(&upload, &claims)?;
    let largest = upload.note_part_size(length.unwrap_or(0));
    let expectation = Expectation::part(&input.key, number, length.into_iter().chain([largest]));
    let Received { body, checksum } =
        receive::receive(&backend.objects, input.body.take(), expectation, claims, req.trailing_headers).await?;
    let etag = etag::of_segments(&body.segments);
    let mut output = UploadPartOutput { e_tag: Some(ETag::Strong(etag.clone())), ..Default::default() };
    set_checksum!(output, checksum_fields::pair(checksum.as_ref()));
    let part = PartRecord { size: body.size, etag, modified_ms: wall_ms(), segments: body.segments, checksum };
    backend.objects.put_part(&input.bucket, &input.key, &input.upload_id, number, part)?;
    drop(body.blob);
    Ok(S3Response::new(output))
}

/// Refuses a part whose checksum has another algorithm than the upload was created with.
fn check_algorithm(upload: &Upload, claims: &Claims) -> S3Result<()> {
    let sent = claims.checksum.as_ref().map(|(algorithm, _)| *algorithm).or(claims.trailer);
    match (upload.record.checksum, sent) {
        (Some((expected, _)), Some(sent)) if sent != expected => {
            let message = format!(
                "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
                expected.name().to_lowercase(),
                sent.name().to_lowercase()
            );
            Err(s3s::S3Error::with_message(s3s::S3ErrorCode::InvalidRequest, message))
        }
        _ => Ok(()),
    }
}
