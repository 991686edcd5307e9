//! Single objects: put, read and deleted.

use anyhow::Result;
use embedded_s3::bare::BareRequest;
use http::Method;

use crate::context::{TestServer, content, header};

#[tokio::test]
async fn an_object_is_read_as_it_was_put() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let put = BareRequest::put("/bkt/a%20b/%C3%BC%2B", "some text")
        .header("content-type", "text/plain")
        .header("cache-control", "no-store")
        .header("x-amz-meta-colour", "blue")
        .header("x-amz-tagging", "a=1&b=2");
    let etag = header(&server.expect(put, 200).await?, "etag").expect("an ETag").to_owned();
    assert!(etag.ends_with("-1\""), "{etag} must not look like an MD5");
    let got = server.expect(BareRequest::get("/bkt/a%20b/%C3%BC%2B"), 200).await?;
    assert_eq!(got.body(), "some text");
    assert_eq!(header(&got, "etag"), Some(etag.as_str()));
    assert_eq!(header(&got, "content-type"), Some("text/plain"));
    assert_eq!(header(&got, "cache-control"), Some("no-store"));
    assert_eq!(header(&got, "x-amz-meta-colour"), Some("blue"));
    assert_eq!(header(&got, "x-amz-tagging-count"), Some("2"));
    assert_eq!(header(&got, "accept-ranges"), Some("bytes"));
    assert!(header(&got, "last-modified").is_some() && header(&got, "x-amz-request-id").is_some());
    let head = server.expect(BareRequest::new(Method::HEAD, "/bkt/a%20b/%C3%BC%2B"), 200).await?;
    assert_eq!(header(&head, "content-length"), Some("9"));
    assert!(head.body().is_empty());
    Ok(())
}

#[tokio::test]
async fn ranges_are_exact() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    // The first half is synthetic and the second is stored, so that ranges cross the border.
    let mut data = content("k", 100_000);
    data[50_000..].reverse();
    server.put("k", data.clone()).await?;
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=49990-50009", 49_990..50_010),
        ("bytes=99999-", 99_999..100_000),
        ("bytes=10-5000000", 10..100_000),
        ("bytes=-7", 99_993..100_000),
        ("bytes=-200000", 0..100_000),
    ] {
        let got = server.expect(BareRequest::get("/bkt/k").header("range", range), 206).await?;
        assert_eq!(got.body(), &data[expected.clone()], "{range}");
        let shown = format!("bytes {}-{}/100000", expected.start, expected.end - 1);
        assert_eq!(header(&got, "content-range"), Some(shown.as_str()));
    }
    let beyond = BareRequest::get("/bkt/k").header("range", "bytes=100000-");
    let refused = server.expect_error(beyond, 416, "InvalidRange").await?;
    assert_eq!(header(&refused, "content-range"), Some("bytes */100000"));
    Ok(())
}

#[tokio::test]
async fn errors_say_what_is_absent() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.expect_error(BareRequest::get("/bkt/none"), 404, "NoSuchKey").await?;
    server.expect_error(BareRequest::get("/none/k"), 404, "NoSuchBucket").await?;
    server.expect(BareRequest::new(Method::HEAD, "/bkt/none"), 404).await?;
    server.expect_error(BareRequest::put("/none/k", "x"), 404, "NoSuchBucket").await?;
    server.expect(BareRequest::new(Method::DELETE, "/bkt/none"), 204).await?;
    server.expect_error(BareRequest::put("/bkt?website", "<WebsiteConfiguration/>"), 501, "NotImplemented").await?;
    Ok(())
}

#[tokio::test]
async fn empty_objects_and_replaced_ones() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("k", "").await?;
    assert!(server.get("k").await?.is_empty());
    server.put("k", "first, which is stored").await?;
    server.put("k", "second").await?;
    assert_eq!(server.get("k").await?, "second");
    assert_eq!(server.blob_sizes()?, [6], "replaced bytes are not kept");
    server.expect(BareRequest::new(Method::DELETE, "/bkt/k"), 204).await?;
    server.expect_error(BareRequest::get("/bkt/k"), 404, "NoSuchKey").await?;
    assert!(server.blob_sizes()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn buckets_are_made_and_removed() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("k", "x").await?;
    server.expect_error(BareRequest::new(Method::DELETE, "/bkt"), 409, "BucketNotEmpty").await?;
    server.expect(BareRequest::new(Method::DELETE, "/bkt/k"), 204).await?;
    server.expect(BareRequest::new(Method::DELETE, "/bkt"), 204).await?;
    server.expect(BareRequest::new(Method::HEAD, "/bkt"), 404).await?;
    let constraint =
        "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>";
    server.expect_error(BareRequest::put("/bkt", constraint), 400, "InvalidLocationConstraint").await?;
    server.expect_error(BareRequest::put("/B_b", ""), 400, "InvalidBucketName").await?;
    Ok(())
}

#[tokio::test]
async fn lifecycle_and_tags_are_given_back() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.expect_error(BareRequest::get("/bkt?lifecycle"), 404, "NoSuchLifecycleConfiguration").await?;
    let rule = "<Rule><ID>ours</ID><Filter><Prefix>upload/</Prefix></Filter><Status>Enabled</Status>\
                <Expiration><Days>1</Days></Expiration></Rule>";
    let document = format!("<LifecycleConfiguration>{rule}</LifecycleConfiguration>");
    server.expect(BareRequest::put("/bkt?lifecycle", document), 200).await?;
    let server = server.restart().await?;
    let got = server.expect(BareRequest::get("/bkt?lifecycle"), 200).await?;
    let got = String::from_utf8(got.body().to_vec())?;
    for part in ["<ID>ours</ID>", "<Prefix>upload/</Prefix>", "<Days>1</Days>", "<Status>Enabled</Status>"] {
        assert!(got.contains(part), "{part} in {got}");
    }
    server.expect(BareRequest::new(Method::DELETE, "/bkt?lifecycle"), 204).await?;
    server.expect_error(BareRequest::get("/bkt?lifecycle"), 404, "NoSuchLifecycleConfiguration").await?;
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
    server.expect(BareRequest::put("/bkt?tagging", tags), 200).await?;
    let got = server.expect(BareRequest::get("/bkt?tagging"), 200).await?;
    assert!(String::from_utf8(got.body().to_vec())?.contains("<Key>a</Key><Value>1</Value>"));
    Ok(())
}
