//! The objects below a prefix, page by page.

use std::ops::ControlFlow;

use aws_sdk_s3::types::Object;
use workload_schema::BucketName;

use s3_clients::endpoint::{Failure, failure_of};

/// Hands each page of the objects below `prefix` to `take`, until it has seen enough; answers whether it saw all.
pub async fn each_page(
    s3: &aws_sdk_s3::Client,
    bucket: &BucketName,
    prefix: &str,
    mut take: impl FnMut(Vec<Object>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Failure> {
    let mut pages = s3.list_objects_v2().bucket(bucket.as_str()).prefix(prefix).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure_of("ListObjectsV2", prefix, &error))?;
        if take(page.contents.unwrap_or_default()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
