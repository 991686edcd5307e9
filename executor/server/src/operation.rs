//! The operations of the S3 API, by the names that records and fault rules carry.

use serde::{Deserialize, Serialize};

/// Defines the enum, so that each name stands once.
macro_rules! operations {
    ($($name:ident)*) => {
        /// An operation of the S3 API. In JSON it is written by its name there, such as `GetObject`. A name that this
        /// release does not know is an error. `Unknown` is a request that is none of the others.
        ///
        /// The variants are in alphabetical order, and `Ord` follows it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum S3Operation {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $name,
            )*
        }

        impl S3Operation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in the S3 API.
            pub fn name(self) -> &'static str {
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
    fn json_has_the_name() {
        for operation in S3Operation::ALL {
            assert_eq!(serde_json::to_value(operation).expect("serializes"), operation.name());
        }
        assert!(serde_json::from_value::<S3Operation>("PutEverything".into()).is_err());
    }

    #[test]
    fn the_order_is_that_of_the_names() {
        assert!(S3Operation::ALL.is_sorted_by(|a, b| a.name() < b.name() && a < b));
    }
}
