//! Buckets and their lifecycle configuration.

use s3s::{
    S3Error, S3ErrorCode, S3Request, S3Response, S3Result,
    dto::*,
    s3_error,
    xml::{Deserialize, Deserializer, Serialize, Serializer},
};

use super::{backend::Backend, condition::timestamp, owner::owner};
use crate::objects::ObjectsError;

/// The setting that holds the lifecycle configuration, as XML.
const LIFECYCLE: &str = "lifecycle";

/// The region that has no name as a location constraint.
const US_EAST_1: &str = "us-east-1";

pub(super) fn list(backend: &Backend, req: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
    let prefix = req.input.prefix;
    let buckets = backend.objects.buckets().into_iter();
    let buckets = buckets.filter(|(name, _)| prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix.as_str())));
    let buckets = buckets.map(|(name, created_ms)| Bucket {
        name: Some(name),
        creation_date: Some(timestamp(created_ms)),
        bucket_region: None,
    });
    let buckets = Some(buckets.collect());
    Ok(S3Response::new(ListBucketsOutput { buckets, owner: Some(owner()), prefix, continuation_token: None }))
}

pub(super) fn create(backend: &Backend, req: S3Request<CreateBucketInput>) -> S3Result<S3Response<CreateBucketOutput>> {
    let input = req.input;
    let configuration = input.create_bucket_configuration;
    if let Some(constraint) = configuration.and_then(|configuration| configuration.location_constraint) {
        check_location(constraint.as_str(), &backend.region)?;
    }
    match backend.objects.create_bucket(&input.bucket) {
        // S3 answers so in this region, because there are clients from before this error existed.
        Err(ObjectsError::BucketExists) if backend.region == US_EAST_1 => {}
        done => done?,
    }
    Ok(S3Response::new(CreateBucketOutput { location: Some(format!("/{}", input.bucket)) }))
}

fn check_location(constraint: &str, region: &str) -> S3Result<()> {
    if constraint.is_empty() || (constraint == region && constraint != US_EAST_1) {
        return Ok(());
    }
    if constraint == US_EAST_1 {
        return Err(s3_error!(InvalidLocationConstraint, "The specified location-constraint is not valid"));
    }
    let message = format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    Err(S3Error::with_message(S3ErrorCode::IllegalLocationConstraintException, message))
}

pub(super) fn head(backend: &Backend, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    Ok(S3Response::new(HeadBucketOutput { bucket_region: Some(backend.region.clone()), ..Default::default() }))
}

pub(super) fn delete(backend: &Backend, req: S3Request<DeleteBucketInput>) -> S3Result<S3Response<DeleteBucketOutput>> {
    backend.objects.delete_bucket(&req.input.bucket)?;
    Ok(S3Response::new(DeleteBucketOutput {}))
}

pub(super) fn location(
    backend: &Backend,
    req: S3Request<GetBucketLocationInput>,
) -> S3Result<S3Response<GetBucketLocationOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    // In us-east-1, S3 answers without a constraint.
    let constraint = (backend.region != US_EAST_1).then(|| backend.region.clone().into());
    Ok(S3Response::new(GetBucketLocationOutput { location_constraint: constraint }))
}

pub(super) fn put_lifecycle(
    backend: &Backend,
    req: S3Request<PutBucketLifecycleConfigurationInput>,
) -> S3Result<S3Response<PutBucketLifecycleConfigurationOutput>> {
    let configuration = req.input.lifecycle_configuration;
    let configuration =
        configuration.ok_or_else(|| s3_error!(MalformedXML, "The XML you provided was not well-formed"))?;
    let mut xml = Vec::new();
    configuration.serialize(&mut Serializer::new(&mut xml)).map_err(S3Error::internal_error)?;
    let document = String::from_utf8(xml).map_err(S3Error::internal_error)?;
    backend.objects.set(&req.input.bucket, LIFECYCLE, Some(document))?;
    Ok(S3Response::new(PutBucketLifecycleConfigurationOutput::default()))
}

pub(super) fn get_lifecycle(
    backend: &Backend,
    req: S3Request<GetBucketLifecycleConfigurationInput>,
) -> S3Result<S3Response<GetBucketLifecycleConfigurationOutput>> {
    let document = backend.objects.setting(&req.input.bucket, LIFECYCLE)?;
    let document = document
        .ok_or_else(|| s3_error!(NoSuchLifecycleConfiguration, "The lifecycle configuration does not exist"))?;
    let configuration = BucketLifecycleConfiguration::deserialize(&mut Deserializer::new(document.as_bytes()));
    let configuration = configuration.map_err(S3Error::internal_error)?;
    Ok(S3Response::new(GetBucketLifecycleConfigurationOutput {
        rules: Some(configuration.rules),
        transition_default_minimum_object_size: None,
    }))
}

pub(super) fn delete_lifecycle(
    backend: &Backend,
    req: S3Request<DeleteBucketLifecycleInput>,
) -> S3Result<S3Response<DeleteBucketLifecycleOutput>> {
    backend.objects.set(&req.input.bucket, LIFECYCLE, None)?;
    Ok(S3Response::new(DeleteBucketLifecycleOutput::default()))
}
