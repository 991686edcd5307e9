//! Features that clients ask about and that the server does not have. The answers are those of S3 for a bucket without
//! the feature.

use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result, dto::*};

use super::{backend::Backend, failure::custom, owner::owner};

/// Defines functions that answer with the error `$code`.
macro_rules! absent {
    ($($name:ident: $input:ty => $output:ty = $code:ident, $message:literal;)*) => {
        $(
            pub(super) fn $name(backend: &Backend, req: S3Request<$input>) -> S3Result<S3Response<$output>> {
                backend.objects.bucket(&req.input.bucket)?;
                Err(S3Error::with_message(S3ErrorCode::$code, $message))
            }
        )*
    };
}

absent! {
    policy: GetBucketPolicyInput => GetBucketPolicyOutput = NoSuchBucketPolicy, "The bucket policy does not exist";
    cors: GetBucketCorsInput => GetBucketCorsOutput = NoSuchCORSConfiguration, "The CORS configuration does not exist";
    website: GetBucketWebsiteInput => GetBucketWebsiteOutput
        = NoSuchWebsiteConfiguration, "The specified bucket does not have a website configuration";
    encryption: GetBucketEncryptionInput => GetBucketEncryptionOutput
        = ServerSideEncryptionConfigurationNotFoundError, "The server side encryption configuration was not found";
    replication: GetBucketReplicationInput => GetBucketReplicationOutput
        = ReplicationConfigurationNotFoundError, "The replication configuration was not found";
    ownership: GetBucketOwnershipControlsInput => GetBucketOwnershipControlsOutput
        = OwnershipControlsNotFoundError, "The bucket ownership controls were not found";
    object_lock: GetObjectLockConfigurationInput => GetObjectLockConfigurationOutput
        = ObjectLockConfigurationNotFoundError, "Object Lock configuration does not exist for this bucket";
}

pub(super) fn public_access(
    backend: &Backend,
    req: S3Request<GetPublicAccessBlockInput>,
) -> S3Result<S3Response<GetPublicAccessBlockOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    let mut error =
        custom("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found");
    error.set_status_code(http::StatusCode::NOT_FOUND);
    Err(error)
}

pub(super) fn versioning(
    backend: &Backend,
    req: S3Request<GetBucketVersioningInput>,
) -> S3Result<S3Response<GetBucketVersioningOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    Ok(S3Response::new(GetBucketVersioningOutput::default()))
}

pub(super) fn logging(
    backend: &Backend,
    req: S3Request<GetBucketLoggingInput>,
) -> S3Result<S3Response<GetBucketLoggingOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    Ok(S3Response::new(GetBucketLoggingOutput::default()))
}

pub(super) fn bucket_acl(
    backend: &Backend,
    req: S3Request<GetBucketAclInput>,
) -> S3Result<S3Response<GetBucketAclOutput>> {
    backend.objects.bucket(&req.input.bucket)?;
    Ok(S3Response::new(GetBucketAclOutput { grants: Some(grants()), owner: Some(owner()) }))
}

pub(super) fn object_acl(
    backend: &Backend,
    req: S3Request<GetObjectAclInput>,
) -> S3Result<S3Response<GetObjectAclOutput>> {
    backend.objects.object(&req.input.bucket, &req.input.key)?;
    Ok(S3Response::new(GetObjectAclOutput { grants: Some(grants()), owner: Some(owner()), ..Default::default() }))
}

/// All permissions for the owner, and none for anybody else.
fn grants() -> Grants {
    let grantee = Grantee {
        display_name: owner().display_name,
        email_address: None,
        id: owner().id,
        type_: Type::from_static(Type::CANONICAL_USER),
        uri: None,
    };
    vec![Grant { grantee: Some(grantee), permission: Some(Permission::from_static(Permission::FULL_CONTROL)) }]
}
