//! The operations of the S3 API, by the names that records and fault rules carry.

/// Defines the enum, so that each name stands once.
macro_rules! operations {
    ($($name:ident)*) => {
        /// An operation of the S3 API. `Unknown` is a request that is none of the others.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum S3Operation {
            $($name,)*
        }

        impl S3Operation {
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The operation of that name, if there is one.
            pub(crate) fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operation| operation.name() == name)
            }

            /// The name in the S3 API.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

operations! {
    AbortMultipartUpload
    CompleteMultipartUpload
    CopyObject
    CreateBucket
    CreateMultipartUpload
    DeleteBucket
    DeleteBucketLifecycle
    DeleteBucketPolicy
    DeleteBucketTagging
    DeleteObject
    DeleteObjectTagging
    DeleteObjects
    GetBucketAcl
    GetBucketCors
    GetBucketEncryption
    GetBucketLifecycleConfiguration
    GetBucketLocation
    GetBucketLogging
    GetBucketOwnershipControls
    GetBucketPolicy
    GetBucketReplication
    GetBucketTagging
    GetBucketVersioning
    GetBucketWebsite
    GetObject
    GetObjectAcl
    GetObjectAttributes
    GetObjectLockConfiguration
    GetObjectTagging
    GetPublicAccessBlock
    HeadBucket
    HeadObject
    ListBuckets
    ListMultipartUploads
    ListObjectVersions
    ListObjects
    ListObjectsV2
    ListParts
    PutBucketAcl
    PutBucketLifecycleConfiguration
    PutBucketPolicy
    PutBucketTagging
    PutBucketVersioning
    PutObject
    PutObjectAcl
    PutObjectTagging
    Unknown
    UploadPart
    UploadPartCopy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_found_by_its_name() {
        for operation in S3Operation::ALL {
            assert_eq!(S3Operation::of_name(operation.name()), Some(*operation));
        }
        assert_eq!(S3Operation::GetObject.name(), "GetObject");
        assert_eq!(S3Operation::of_name("getobject"), None);
    }
}
