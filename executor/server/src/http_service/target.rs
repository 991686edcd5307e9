//! Which S3 operation a request is, for the records and the fault rules. Whether the request is valid is not checked.

use std::borrow::Cow;

use http::{Method, request::Parts};
use percent_encoding::percent_decode_str;

use crate::{operation::S3Operation, s3::LoopbackHost};

/// The operation of a request and what it is applied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub operation: S3Operation,
    pub bucket: Option<String>,
    pub key: Option<String>,
    pub upload_id: Option<String>,
    pub part_number: Option<u32>,
    /// Whether the signature is in the query string.
    pub presigned: bool,
}

impl Target {
    pub(super) fn of(head: &Parts) -> Self {
        let host = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let path = percent_decode_str(head.uri.path().trim_start_matches('/')).decode_utf8_lossy();
        let (bucket, key) = match host.and_then(LoopbackHost::bucket) {
            Some(bucket) => (bucket, path.as_ref()),
            None => path.split_once('/').unwrap_or((&path, "")),
        };
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let query = QueryString(head.uri.query().unwrap_or(""));
        let (bucket, key) = (named(bucket), named(key));
        Self {
            operation: match (&bucket, &key) {
                (None, _) => S3Operation::ListBuckets,
                (Some(_), None) => of_bucket(&head.method, query),
                (Some(_), Some(_)) => of_object(head, query),
            },
            bucket,
            key,
            upload_id: query.get("uploadId").map(Cow::into_owned),
            part_number: query.get("partNumber").and_then(|number| number.parse().ok()),
            presigned: query.get("X-Amz-Signature").is_some(),
        }
    }
}

/// The query of a request's URI, as it was sent.
#[derive(Clone, Copy)]
struct QueryString<'a>(&'a str);

impl<'a> QueryString<'a> {
    /// The decoded value of the first parameter of that name; empty if the parameter has no value.
    fn get(self, name: &str) -> Option<Cow<'a, str>> {
        self.0.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| percent_decode_str(value).decode_utf8_lossy())
        })
    }

    fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// A sub-resource of a bucket, and the operation of each method on it.
struct SubResource {
    /// The query parameter that names it.
    name: &'static str,
    get: S3Operation,
    put: S3Operation,
    delete: S3Operation,
}

impl SubResource {
    const fn new(name: &'static str, get: S3Operation, put: S3Operation, delete: S3Operation) -> Self {
        Self { name, get, put, delete }
    }

    /// A sub-resource that clients only read.
    const fn read(name: &'static str, get: S3Operation) -> Self {
        Self::new(name, get, S3Operation::Unknown, S3Operation::Unknown)
    }
}

const SUB_RESOURCES: &[SubResource] = {
    use {S3Operation as Op, SubResource as Sub};

    &[
        Sub::new(
            "lifecycle",
            Op::GetBucketLifecycleConfiguration,
            Op::PutBucketLifecycleConfiguration,
            Op::DeleteBucketLifecycle,
        ),
        Sub::new("tagging", Op::GetBucketTagging, Op::PutBucketTagging, Op::DeleteBucketTagging),
        Sub::new("versioning", Op::GetBucketVersioning, Op::PutBucketVersioning, Op::Unknown),
        Sub::new("acl", Op::GetBucketAcl, Op::PutBucketAcl, Op::Unknown),
        Sub::new("policy", Op::GetBucketPolicy, Op::PutBucketPolicy, Op::DeleteBucketPolicy),
        Sub::read("location", Op::GetBucketLocation),
        Sub::read("versions", Op::ListObjectVersions),
        Sub::read("uploads", Op::ListMultipartUploads),
        Sub::read("cors", Op::GetBucketCors),
        Sub::read("website", Op::GetBucketWebsite),
        Sub::read("encryption", Op::GetBucketEncryption),
        Sub::read("replication", Op::GetBucketReplication),
        Sub::read("ownershipControls", Op::GetBucketOwnershipControls),
        Sub::read("logging", Op::GetBucketLogging),
        Sub::read("object-lock", Op::GetObjectLockConfiguration),
        Sub::read("publicAccessBlock", Op::GetPublicAccessBlock),
    ]
};

fn of_bucket(method: &Method, query: QueryString<'_>) -> S3Operation {
    let sub = SUB_RESOURCES.iter().find(|sub| query.has(sub.name));
    match *method {
        Method::HEAD => S3Operation::HeadBucket,
        Method::POST if query.has("delete") => S3Operation::DeleteObjects,
        Method::PUT => sub.map_or(S3Operation::CreateBucket, |sub| sub.put),
        Method::DELETE => sub.map_or(S3Operation::DeleteBucket, |sub| sub.delete),
        Method::GET => sub.map_or_else(|| listing(query), |sub| sub.get),
        _ => S3Operation::Unknown,
    }
}

fn listing(query: QueryString<'_>) -> S3Operation {
    match query.get("list-type").as_deref() {
        Some("2") => S3Operation::ListObjectsV2,
        _ => S3Operation::ListObjects,
    }
}

fn of_object(head: &Parts, query: QueryString<'_>) -> S3Operation {
    let copies = head.headers.contains_key("x-amz-copy-source");
    match head.method {
        Method::HEAD => S3Operation::HeadObject,
        Method::GET if query.has("uploadId") => S3Operation::ListParts,
        Method::GET if query.has("attributes") => S3Operation::GetObjectAttributes,
        Method::GET if query.has("tagging") => S3Operation::GetObjectTagging,
        Method::GET if query.has("acl") => S3Operation::GetObjectAcl,
        Method::GET => S3Operation::GetObject,
        Method::PUT if query.has("uploadId") && copies => S3Operation::UploadPartCopy,
        Method::PUT if query.has("uploadId") => S3Operation::UploadPart,
        Method::PUT if query.has("tagging") => S3Operation::PutObjectTagging,
        Method::PUT if query.has("acl") => S3Operation::PutObjectAcl,
        Method::PUT if copies => S3Operation::CopyObject,
        Method::PUT => S3Operation::PutObject,
        Method::POST if query.has("uploads") => S3Operation::CreateMultipartUpload,
        Method::POST if query.has("uploadId") => S3Operation::CompleteMultipartUpload,
        Method::DELETE if query.has("uploadId") => S3Operation::AbortMultipartUpload,
        Method::DELETE if query.has("tagging") => S3Operation::DeleteObjectTagging,
        Method::DELETE => S3Operation::DeleteObject,
        _ => S3Operation::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(method: &str, host: &str, uri: &str) -> Target {
        let request = http::Request::builder().method(method).uri(uri).header("host", host).body(());
        Target::of(&request.expect("is a request").into_parts().0)
    }

    #[test]
    fn requests_are_recognised() {
        let named = |method, uri| target(method, "127.0.0.1:1", uri).operation.name();
        assert_eq!(named("GET", "/"), "ListBuckets");
        assert_eq!(named("GET", "/b?list-type=2&prefix=x"), "ListObjectsV2");
        assert_eq!(named("GET", "/b/"), "ListObjects");
        assert_eq!(named("PUT", "/b"), "CreateBucket");
        assert_eq!(named("PUT", "/b?lifecycle"), "PutBucketLifecycleConfiguration");
        assert_eq!(named("GET", "/b?cors"), "GetBucketCors");
        assert_eq!(named("PUT", "/b?cors"), "Unknown");
        assert_eq!(named("POST", "/b?delete="), "DeleteObjects");
        assert_eq!(named("PATCH", "/b"), "Unknown");
        assert_eq!(named("POST", "/b/k?uploads"), "CreateMultipartUpload");
        assert_eq!(named("DELETE", "/b/k?uploadId=1"), "AbortMultipartUpload");
        let part = target("PUT", "b.localhost:1", "/a%20b/c?partNumber=7&uploadId=u");
        assert_eq!((part.operation, part.part_number), (S3Operation::UploadPart, Some(7)));
        assert_eq!((part.bucket.as_deref(), part.key.as_deref()), (Some("b"), Some("a b/c")));
    }
}
