//! Listings, with both versions of the call, and deletions of many objects in one request.

use anyhow::{Context, Result};
use embedded_s3::bare::BareRequest;
use http::Method;

use crate::context::{TestServer, element, elements};

async fn list(server: &TestServer, query: &str) -> Result<String> {
    let answer = server.expect(BareRequest::get(format!("/bkt?{query}")), 200).await?;
    Ok(String::from_utf8(answer.body().to_vec())?)
}

async fn filled() -> Result<TestServer> {
    let server = TestServer::with_bucket().await?;
    for key in ["a", "b/1", "b/2", "b/c/3", "d%20%26%3C%C3%BC", "e"] {
        server.put(key, "x").await?;
    }
    Ok(server)
}

#[tokio::test]
async fn pages_prefixes_and_delimiters() -> Result<()> {
    let server = filled().await?;
    let all = list(&server, "list-type=2").await?;
    assert_eq!(elements(&all, "Key"), ["a", "b/1", "b/2", "b/c/3", "d &amp;&lt;ü", "e"]);
    assert_eq!(element(&all, "KeyCount"), Some("6"));
    assert_eq!(element(&all, "IsTruncated"), Some("false"));
    let encoded = list(&server, "list-type=2&encoding-type=url&prefix=d").await?;
    assert_eq!(elements(&encoded, "Key"), ["d%20%26%3C%C3%BC"]);
    let rolled = list(&server, "list-type=2&delimiter=%2F").await?;
    assert_eq!(elements(&rolled, "Key").len(), 3);
    assert!(rolled.contains("<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"));
    let inner = list(&server, "list-type=2&delimiter=%2F&prefix=b%2F").await?;
    assert_eq!(elements(&inner, "Key"), ["b/1", "b/2"]);
    let after = list(&server, "list-type=2&start-after=b%2F2").await?;
    assert_eq!(elements(&after, "Key").len(), 3);
    assert!(elements(&list(&server, "list-type=2&max-keys=0").await?, "Key").is_empty());
    server.expect_error(BareRequest::get("/bkt?list-type=2&max-keys=-1"), 400, "InvalidArgument").await?;
    server.expect_error(BareRequest::get("/none?list-type=2"), 404, "NoSuchBucket").await?;
    Ok(())
}

#[tokio::test]
async fn every_page_size_lists_each_key_once() -> Result<()> {
    let server = filled().await?;
    for (first, next) in [("list-type=2", "continuation-token"), ("delimiter=%2F&list-type=2", "continuation-token")] {
        let expected = list(&server, first).await?;
        for size in 1..4 {
            let (mut keys, mut prefixes, mut token) = (0, 0, String::new());
            loop {
                let page = list(&server, &format!("{first}&max-keys={size}{token}")).await?;
                keys += elements(&page, "Key").len();
                prefixes += page.matches("<CommonPrefixes>").count();
                match element(&page, "NextContinuationToken") {
                    Some(text) => token = format!("&{next}={text}"),
                    None => break,
                }
            }
            assert_eq!(keys, elements(&expected, "Key").len());
            assert_eq!(prefixes, expected.matches("<CommonPrefixes>").count());
        }
    }
    let first = list(&server, "max-keys=2&delimiter=%2F").await?;
    assert_eq!(element(&first, "NextMarker"), Some("b/"));
    let second = list(&server, "max-keys=2&delimiter=%2F&marker=b%2F").await?;
    assert_eq!(elements(&second, "Key"), ["d &amp;&lt;ü", "e"]);
    Ok(())
}

#[tokio::test]
async fn checksum_algorithms_are_listed() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let put = BareRequest::put("/bkt/k", "").header("x-amz-checksum-crc32", "AAAAAA==");
    server.expect(put, 200).await?;
    let page = list(&server, "list-type=2").await?;
    assert_eq!(elements(&page, "ChecksumAlgorithm"), ["CRC32"]);
    assert_eq!(elements(&page, "ChecksumType"), ["FULL_OBJECT"]);
    Ok(())
}

#[tokio::test]
async fn many_objects_are_deleted_in_one_request() -> Result<()> {
    let server = filled().await?;
    let body =
        "<Delete><Object><Key>a</Key></Object><Object><Key>none</Key></Object><Object><Key>b/1</Key></Object></Delete>";
    let delete = BareRequest { body: body.into(), ..BareRequest::new(Method::POST, "/bkt?delete=") };
    let answer = server.expect(delete, 200).await?;
    let deleted = String::from_utf8(answer.body().to_vec())?;
    assert_eq!(elements(&deleted, "Key"), ["a", "none", "b/1"], "an absent key counts as deleted");
    let left = list(&server, "list-type=2").await?;
    assert_eq!(elements(&left, "Key").first().context("some are left")?, &"b/2");
    Ok(())
}
