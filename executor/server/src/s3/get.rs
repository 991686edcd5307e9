//! Reads objects: whole, in ranges or by part, and their attributes.

use s3s::{S3Request, S3Response, S3Result, dto::*};

use super::{
    backend::Backend,
    checks::refuse_version,
    checksum_fields::{self, set_checksum},
    condition::{last_modified, read_conditions},
    meta::give_meta,
    slice::Slice,
};
use crate::objects::Object;

/// Sets the fields that the outputs of get and head have in common.
macro_rules! describe {
    ($output:expr, $object:expr, $slice:expr, $checksum_mode:expr) => {{
        $output.accept_ranges = Some("bytes".to_owned());
        $output.content_length = Some($slice.len());
        $output.content_range.clone_from(&$slice.content_range);
        $output.parts_count = $slice.parts_count;
        $output.e_tag = Some(ETag::Strong($object.etag.clone()));
        $output.last_modified = Some(last_modified(&$object));
        give_meta!($output, &$object.meta);
        // The checksum covers the whole object, so a client cannot verify a slice with it.
        let wanted = $checksum_mode.is_some_and(|mode| mode.as_str().eq_ignore_ascii_case(ChecksumMode::ENABLED));
        if wanted && $slice.is_whole(&$object) {
            set_checksum!($output, checksum_fields::pair($object.checksum.as_ref()));
            $output.checksum_type = $object.checksum.as_ref().map(|checksum| checksum_fields::kind(checksum.kind));
        }
    }};
}

pub(super) fn get(backend: &Backend, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
    let input = req.input;
    refuse_version(input.version_id.as_deref())?;
    let object = backend.objects.object(&input.bucket, &input.key)?;
    read_conditions!(input).check(&object)?;
    let slice = Slice::of(&object, input.range, input.part_number)?;
    let mut output = GetObjectOutput {
        body: Some(StreamingBlob::new(object.read(slice.bytes.clone()))),
        tag_count: (!object.meta.tags.is_empty()).then(|| i32::try_from(object.meta.tags.len()).unwrap_or(i32::MAX)),
        ..Default::default()
    };
    describe!(output, object, slice, input.checksum_mode);
    Ok(S3Response::new(output))
}

pub(super) fn head(backend: &Backend, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
    let input = req.input;
    refuse_version(input.version_id.as_deref())?;
    let object = backend.objects.object(&input.bucket, &input.key)?;
    read_conditions!(input).check(&object)?;
    let slice = Slice::of(&object, input.range, input.part_number)?;
    let mut output = HeadObjectOutput::default();
    describe!(output, object, slice, input.checksum_mode);
    Ok(S3Response::new(output))
}

pub(super) fn attributes(
    backend: &Backend,
    req: S3Request<GetObjectAttributesInput>,
) -> S3Result<S3Response<GetObjectAttributesOutput>> {
    let input = req.input;
    refuse_version(input.version_id.as_deref())?;
    let object = backend.objects.object(&input.bucket, &input.key)?;
    // Some clients send all names in one header.
    let wants = |name: &str| {
        input.object_attributes.iter().any(|attribute| attribute.as_str().split(',').any(|part| part.trim() == name))
    };
    let mut output = GetObjectAttributesOutput { last_modified: Some(last_modified(&object)), ..Default::default() };
    if wants(ObjectAttributes::ETAG) {
        output.e_tag = Some(ETag::Strong(object.etag.clone()));
    }
    if wants(ObjectAttributes::OBJECT_SIZE) {
        output.object_size = Some(object.size.cast_signed());
    }
    if wants(ObjectAttributes::STORAGE_CLASS) {
        let class = object.meta.storage_class.clone().unwrap_or_else(|| StorageClass::STANDARD.to_owned());
        output.storage_class = Some(class.into());
    }
    if wants(ObjectAttributes::CHECKSUM)
        && let Some(stored) = &object.checksum
    {
        let mut checksum = Checksum { checksum_type: Some(checksum_fields::kind(stored.kind)), ..Default::default() };
        set_checksum!(checksum, checksum_fields::pair(Some(stored)));
        output.checksum = Some(checksum);
    }
    if wants(ObjectAttributes::OBJECT_PARTS) && !object.parts.is_empty() {
        output.object_parts = Some(parts(&object, input.part_number_marker, input.max_parts));
    }
    Ok(S3Response::new(output))
}

fn parts(object: &Object, marker: Option<i32>, max: Option<i32>) -> GetObjectAttributesParts {
    let marker = marker.unwrap_or(0);
    let max = max.unwrap_or(1000).clamp(0, 1000);
    let after = object.parts.iter().filter(|part| part.number.cast_signed() > marker);
    let page: Vec<_> = after.clone().take(max.unsigned_abs() as usize).collect();
    let algorithm = object.checksum.as_ref().map(|checksum| checksum.algorithm);
    let listed = page.iter().map(|part| {
        let mut listed = ObjectPart {
            part_number: Some(part.number.cast_signed()),
            size: Some(part.size.cast_signed()),
            ..Default::default()
        };
        set_checksum!(listed, algorithm.zip(part.checksum.clone()));
        listed
    });
    GetObjectAttributesParts {
        is_truncated: Some(after.count() > page.len()),
        max_parts: Some(max),
        next_part_number_marker: page.last().map(|part| part.number.cast_signed()),
        part_number_marker: Some(marker),
        parts: Some(listed.collect()),
        total_parts_count: Some(i32::try_from(object.parts.len()).unwrap_or(i32::MAX)),
    }
}
