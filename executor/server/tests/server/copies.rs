//! Copies within the server.

use std::fmt::Write;

use anyhow::Result;
use embedded_s3::bare::BareRequest;
use http::Method;

use crate::context::{TestServer, content, element, header};

#[tokio::test]
async fn a_copy_has_the_bytes_of_its_source_and_outlives_it() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let mut data = content("from", 20_000);
    data[10_000] ^= 1;
    server.expect(BareRequest::put("/bkt/from", data.clone()).header("x-amz-meta-a", "1"), 200).await?;
    server.expect(BareRequest::put("/bkt/to", "").header("x-amz-copy-source", "/bkt/from"), 200).await?;
    let replaced = BareRequest::put("/bkt/with", "")
        .header("x-amz-copy-source", "bkt/from")
        .header("x-amz-metadata-directive", "REPLACE")
        .header("x-amz-meta-a", "2")
        .header("x-amz-checksum-algorithm", "CRC32C");
    let answer = server.expect(replaced, 200).await?;
    assert!(element(std::str::from_utf8(answer.body())?, "ChecksumCRC32C").is_some());
    server.expect(BareRequest::new(Method::DELETE, "/bkt/from"), 204).await?;
    for (key, value) in [("to", "1"), ("with", "2")] {
        let got = server.expect(BareRequest::get(format!("/bkt/{key}")), 200).await?;
        assert!(got.body() == &data);
        assert_eq!(header(&got, "x-amz-meta-a"), Some(value));
    }
    assert_eq!(server.blob_sizes()?.len(), 1, "the bytes are shared");
    let onto_itself = BareRequest::put("/bkt/to", "").header("x-amz-copy-source", "bkt/to");
    server.expect_error(onto_itself, 400, "InvalidRequest").await?;
    let conditional = BareRequest::put("/bkt/x", "")
        .header("x-amz-copy-source", "bkt/to")
        .header("x-amz-copy-source-if-match", "\"other\"");
    server.expect_error(conditional, 412, "PreconditionFailed").await?;
    Ok(())
}

#[tokio::test]
async fn parts_are_copied_from_ranges() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.declare("from", 20 << 20).await?;
    let upload = server.begin_upload("to", &[]).await?;
    let mut listed = String::new();
    for (number, range) in [(1, "bytes=100-6000099"), (2, "bytes=20971510-20971519")] {
        let copy = BareRequest::put(format!("/bkt/to?partNumber={number}&uploadId={upload}"), "")
            .header("x-amz-copy-source", "bkt/from")
            .header("x-amz-copy-source-range", range);
        let answer = server.expect(copy, 200).await?;
        let etag = element(std::str::from_utf8(answer.body())?, "ETag").expect("an ETag").to_owned();
        write!(listed, "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")?;
    }
    let beyond = BareRequest::put(format!("/bkt/to?partNumber=3&uploadId={upload}"), "")
        .header("x-amz-copy-source", "bkt/from")
        .header("x-amz-copy-source-range", "bytes=0-20971520");
    server.expect_error(beyond, 400, "InvalidArgument").await?;
    let body = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    let complete =
        BareRequest { body: body.into(), ..BareRequest::new(Method::POST, format!("/bkt/to?uploadId={upload}")) };
    server.expect(complete, 200).await?;
    let whole = content("from", 20 << 20);
    let expected = [&whole[100..6_000_100], &whole[20_971_510..]].concat();
    assert!(server.get("to").await? == expected);
    assert!(server.blob_sizes()?.is_empty());
    Ok(())
}
