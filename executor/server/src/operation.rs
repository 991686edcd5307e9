//! Which S3 operation a request is, without checking that it is a valid one: for the record and the fault rules.

use std::borrow::Cow;

use http::{Method, request::Parts};
use percent_encoding::percent_decode_str;

use crate::s3::LoopbackHost;

/// What a request is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The name in the S3 API.
    pub operation: &'static str,
    pub bucket: Option<String>,
    pub key: Option<String>,
    pub upload_id: Option<String>,
    pub part_number: Option<u32>,
    pub presigned: bool,
}

impl Target {
    pub(crate) fn of(head: &Parts) -> Self {
        let host = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let path = percent_decode_str(head.uri.path().trim_start_matches('/')).decode_utf8_lossy();
        let (bucket, key) = match host.and_then(LoopbackHost::bucket) {
            Some(bucket) => (bucket, path.as_ref()),
            None => path.split_once('/').unwrap_or((&path, "")),
        };
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let query = Query(head.uri.query().unwrap_or(""));
        let (bucket, key) = (named(bucket), named(key));
        Self {
            operation: match (&bucket, &key) {
                (None, _) => "ListBuckets",
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

/// A query string.
#[derive(Clone, Copy)]
struct Query<'a>(&'a str);

impl<'a> Query<'a> {
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

fn of_bucket(method: &Method, query: Query<'_>) -> &'static str {
    // Sub-resource, then the names for GET, PUT and DELETE.
    const SUB_RESOURCES: &[(&str, [&str; 3])] = &[
        ("lifecycle", ["GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"]),
        ("tagging", ["GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging"]),
        ("location", ["GetBucketLocation", "Unknown", "Unknown"]),
        ("versioning", ["GetBucketVersioning", "PutBucketVersioning", "Unknown"]),
        ("versions", ["ListObjectVersions", "Unknown", "Unknown"]),
        ("uploads", ["ListMultipartUploads", "Unknown", "Unknown"]),
        ("acl", ["GetBucketAcl", "PutBucketAcl", "Unknown"]),
        ("policy", ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"]),
    ];
    let index = match *method {
        Method::GET => 0,
        Method::PUT => 1,
        Method::DELETE => 2,
        Method::HEAD => return "HeadBucket",
        Method::POST if query.has("delete") => return "DeleteObjects",
        _ => return "Unknown",
    };
    let found = SUB_RESOURCES.iter().find(|(name, _)| query.has(name));
    match (found, index) {
        (Some((_, names)), index) => names[index],
        (None, 1) => "CreateBucket",
        (None, 2) => "DeleteBucket",
        (None, _) if query.get("list-type").as_deref() == Some("2") => "ListObjectsV2",
        (None, _) => "ListObjects",
    }
}

fn of_object(head: &Parts, query: Query<'_>) -> &'static str {
    let copies = head.headers.contains_key("x-amz-copy-source");
    match head.method {
        Method::HEAD => "HeadObject",
        Method::GET if query.has("uploadId") => "ListParts",
        Method::GET if query.has("attributes") => "GetObjectAttributes",
        Method::GET if query.has("tagging") => "GetObjectTagging",
        Method::GET if query.has("acl") => "GetObjectAcl",
        Method::GET => "GetObject",
        Method::PUT if query.has("uploadId") && copies => "UploadPartCopy",
        Method::PUT if query.has("uploadId") => "UploadPart",
        Method::PUT if query.has("tagging") => "PutObjectTagging",
        Method::PUT if query.has("acl") => "PutObjectAcl",
        Method::PUT if copies => "CopyObject",
        Method::PUT => "PutObject",
        Method::POST if query.has("uploads") => "CreateMultipartUpload",
        Method::POST if query.has("uploadId") => "CompleteMultipartUpload",
        Method::DELETE if query.has("uploadId") => "AbortMultipartUpload",
        Method::DELETE if query.has("tagging") => "DeleteObjectTagging",
        Method::DELETE => "DeleteObject",
        _ => "Unknown",
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
        let named = |method, uri| target(method, "127.0.0.1:1", uri).operation;
        assert_eq!(named("GET", "/"), "ListBuckets");
        assert_eq!(named("GET", "/b?list-type=2&prefix=x"), "ListObjectsV2");
        assert_eq!(named("GET", "/b/"), "ListObjects");
        assert_eq!(named("PUT", "/b?lifecycle"), "PutBucketLifecycleConfiguration");
        assert_eq!(named("POST", "/b?delete="), "DeleteObjects");
        assert_eq!(named("POST", "/b/k?uploads"), "CreateMultipartUpload");
        assert_eq!(named("DELETE", "/b/k?uploadId=1"), "AbortMultipartUpload");
        let part = target("PUT", "b.localhost:1", "/a%20b/c?partNumber=7&uploadId=u");
        assert_eq!((part.operation, part.part_number), ("UploadPart", Some(7)));
        assert_eq!((part.bucket.as_deref(), part.key.as_deref()), (Some("b"), Some("a b/c")));
    }
}
