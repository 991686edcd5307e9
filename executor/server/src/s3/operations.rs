//! The table of the operations that the server has, and the service that answers them.

use std::sync::Arc;

use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::*,
    service::{S3Service, S3ServiceBuilder},
};

use super::{
    access::{LoopbackHost, OneKey},
    backend::Backend,
    bucket, copy, delete, get, list, multipart, probe, put, tagging,
};
use crate::{config::Credentials, objects::Objects};

/// The S3 API of `objects`.
pub(crate) fn service(objects: Arc<Objects>, credentials: Credentials, region: String) -> S3Service {
    let mut builder = S3ServiceBuilder::new(Backend { objects, region });
    builder.set_auth(OneKey(credentials));
    builder.set_host(LoopbackHost);
    builder.build()
}

/// Implements `S3` with one function per operation. `await` stands after the functions that are async.
macro_rules! operations {
    ($($name:ident: $input:ty => $output:ty = $function:path $(, $wait:ident)?;)*) => {
        #[async_trait::async_trait]
        impl S3 for Backend {
            $(
                async fn $name(&self, req: S3Request<$input>) -> S3Result<S3Response<$output>> {
                    $function(self, req)$(.$wait)?
                }
            )*
        }
    };
}

operations! {
    list_buckets: ListBucketsInput => ListBucketsOutput = bucket::list;
    create_bucket: CreateBucketInput => CreateBucketOutput = bucket::create;
    head_bucket: HeadBucketInput => HeadBucketOutput = bucket::head;
    delete_bucket: DeleteBucketInput => DeleteBucketOutput = bucket::delete;
    get_bucket_location: GetBucketLocationInput => GetBucketLocationOutput = bucket::location;
    put_bucket_lifecycle_configuration: PutBucketLifecycleConfigurationInput => PutBucketLifecycleConfigurationOutput = bucket::put_lifecycle;
    get_bucket_lifecycle_configuration: GetBucketLifecycleConfigurationInput => GetBucketLifecycleConfigurationOutput = bucket::get_lifecycle;
    delete_bucket_lifecycle: DeleteBucketLifecycleInput => DeleteBucketLifecycleOutput = bucket::delete_lifecycle;

    put_bucket_tagging: PutBucketTaggingInput => PutBucketTaggingOutput = tagging::put_bucket;
    get_bucket_tagging: GetBucketTaggingInput => GetBucketTaggingOutput = tagging::get_bucket;
    delete_bucket_tagging: DeleteBucketTaggingInput => DeleteBucketTaggingOutput = tagging::delete_bucket;
    put_object_tagging: PutObjectTaggingInput => PutObjectTaggingOutput = tagging::put_object;
    get_object_tagging: GetObjectTaggingInput => GetObjectTaggingOutput = tagging::get_object;
    delete_object_tagging: DeleteObjectTaggingInput => DeleteObjectTaggingOutput = tagging::delete_object;

    put_object: PutObjectInput => PutObjectOutput = put::put, await;
    get_object: GetObjectInput => GetObjectOutput = get::get;
    head_object: HeadObjectInput => HeadObjectOutput = get::head;
    get_object_attributes: GetObjectAttributesInput => GetObjectAttributesOutput = get::attributes;
    delete_object: DeleteObjectInput => DeleteObjectOutput = delete::one;
    delete_objects: DeleteObjectsInput => DeleteObjectsOutput = delete::many;
    copy_object: CopyObjectInput => CopyObjectOutput = copy::object, await;

    list_objects: ListObjectsInput => ListObjectsOutput = list::objects;
    list_objects_v2: ListObjectsV2Input => ListObjectsV2Output = list::objects_v2;
    list_object_versions: ListObjectVersionsInput => ListObjectVersionsOutput = list::versions;

    create_multipart_upload: CreateMultipartUploadInput => CreateMultipartUploadOutput = multipart::create;
    upload_part: UploadPartInput => UploadPartOutput = put::part, await;
    upload_part_copy: UploadPartCopyInput => UploadPartCopyOutput = copy::part, await;
    complete_multipart_upload: CompleteMultipartUploadInput => CompleteMultipartUploadOutput = multipart::complete;
    abort_multipart_upload: AbortMultipartUploadInput => AbortMultipartUploadOutput = multipart::abort;
    list_parts: ListPartsInput => ListPartsOutput = multipart::list_parts;
    list_multipart_uploads: ListMultipartUploadsInput => ListMultipartUploadsOutput = list::uploads;

    get_bucket_versioning: GetBucketVersioningInput => GetBucketVersioningOutput = probe::versioning;
    get_bucket_acl: GetBucketAclInput => GetBucketAclOutput = probe::bucket_acl;
    get_object_acl: GetObjectAclInput => GetObjectAclOutput = probe::object_acl;
    get_bucket_policy: GetBucketPolicyInput => GetBucketPolicyOutput = probe::policy;
    get_bucket_cors: GetBucketCorsInput => GetBucketCorsOutput = probe::cors;
    get_bucket_website: GetBucketWebsiteInput => GetBucketWebsiteOutput = probe::website;
    get_bucket_encryption: GetBucketEncryptionInput => GetBucketEncryptionOutput = probe::encryption;
    get_bucket_replication: GetBucketReplicationInput => GetBucketReplicationOutput = probe::replication;
    get_bucket_ownership_controls: GetBucketOwnershipControlsInput => GetBucketOwnershipControlsOutput = probe::ownership;
    get_bucket_logging: GetBucketLoggingInput => GetBucketLoggingOutput = probe::logging;
    get_object_lock_configuration: GetObjectLockConfigurationInput => GetObjectLockConfigurationOutput = probe::object_lock;
    get_public_access_block: GetPublicAccessBlockInput => GetPublicAccessBlockOutput = probe::public_access;
}
