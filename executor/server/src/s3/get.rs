//! Reads objects: whole, in ranges or by part, and their attributes.

use std::ops::Range as Bytes;

use http::{HeaderMap, HeaderValue, header};
use s3s::{S3Error, S3Request, S3Response, S3Result, dto::*, s3_error};

use super::{
    backend::Backend,
    checks::refuse_version,
    checksum_fields::{self, set_checksum},
    condition::{ReadConditions, last_modified},
    failure::{custom, invalid_argument},
    meta::give_meta,
};
use crate::objects::{Object, ObjectRecord};

/// The slice of an object that a request is for.
pub(super) struct Slice {
    pub bytes: Bytes<u64>,
    /// The value of the `Content-Range` header. `None` if the request is for the whole object.
    pub content_range: Option<String>,
    parts_count: Option<i32>,
}

impl Slice {
    pub(super) fn of(object: &ObjectRecord, range: Option<Range>, part: Option<i32>) -> S3Result<Self> {
        match (range, part) {
            (Some(_), Some(_)) => {
                Err(s3_error!(InvalidRequest, "Cannot specify both Range header and partNumber query parameter"))
            }
            (None, None) => Ok(Self { bytes: 0..object.size, content_range: None, parts_count: None }),
            (Some(range), None) => {
                let bytes = range.check(object.size).map_err(|_| invalid_range(object.size))?;
                Ok(Self { content_range: Some(content_range(&bytes, object.size)), bytes, parts_count: None })
            }
            (None, Some(number)) => Self::of_part(object, number),
        }
    }

    fn of_part(object: &ObjectRecord, number: i32) -> S3Result<Self> {
        let outside = || {
            let mut error = custom("InvalidPartNumber", "The requested partnumber is not satisfiable");
            error.set_status_code(http::StatusCode::RANGE_NOT_SATISFIABLE);
            error
        };
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let index =
            index.ok_or_else(|| invalid_argument("Part number must be an integer between 1 and 10000, inclusive"))?;
        let bytes = if object.parts.is_empty() && index == 0 {
            0..object.size
        } else {
            let part = object.parts.get(index).ok_or_else(outside)?;
            let start = object.parts[..index].iter().map(|part| part.size).sum();
            start..start + part.size
        };
        Ok(Self {
            content_range: (!bytes.is_empty()).then(|| content_range(&bytes, object.size)),
            bytes,
            parts_count: (!object.parts.is_empty()).then(|| i32::try_from(object.parts.len()).unwrap_or(i32::MAX)),
        })
    }

    fn is_whole(&self, object: &ObjectRecord) -> bool {
        self.bytes == (0..object.size)
    }

    fn len(&self) -> i64 {
        (self.bytes.end - self.bytes.start).cast_signed()
    }
}

fn content_range(bytes: &Bytes<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1)
}

fn invalid_range(size: u64) -> S3Error {
    let mut error = s3_error!(InvalidRange, "The requested range is not satisfiable");
    if let Ok(value) = HeaderValue::try_from(format!("bytes */{size}")) {
        let xml = HeaderValue::from_static("application/xml");
        error.set_headers(HeaderMap::from_iter([(header::CONTENT_RANGE, value), (header::CONTENT_TYPE, xml)]));
    }
    error
}

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
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    conditions.check(&object)?;
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
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    conditions.check(&object)?;
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
