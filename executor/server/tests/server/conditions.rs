//! Conditional requests.

use anyhow::Result;
use embedded_s3::bare::BareRequest;
use http::Method;

use crate::context::{TestServer, header};

const PAST: &str = "Sat, 01 Jan 2000 00:00:00 GMT";
const FUTURE: &str = "Fri, 01 Jan 2100 00:00:00 GMT";

#[tokio::test]
async fn reads_follow_their_conditions() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let etag = header(&server.put("k", "x").await?, "etag").expect("an ETag").to_owned();
    let cases = [
        ("if-match", etag.as_str(), 200),
        ("if-match", "*", 200),
        ("if-match", "\"other\"", 412),
        ("if-none-match", "\"other\"", 200),
        ("if-none-match", etag.as_str(), 304),
        ("if-modified-since", PAST, 200),
        ("if-modified-since", FUTURE, 304),
        ("if-unmodified-since", FUTURE, 200),
        ("if-unmodified-since", PAST, 412),
    ];
    for (name, value, status) in cases {
        for method in [Method::GET, Method::HEAD] {
            let got = server.expect(BareRequest::new(method, "/bkt/k").header(name, value), status).await?;
            assert!(status != 304 || header(&got, "etag") == Some(etag.as_str()));
        }
    }
    // The ETag overrules the time.
    let both = BareRequest::get("/bkt/k").header("if-match", etag).header("if-unmodified-since", PAST);
    server.expect(both, 200).await?;
    Ok(())
}

#[tokio::test]
async fn writes_follow_their_conditions() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let create = || BareRequest::put("/bkt/k", "new").header("if-none-match", "*");
    let etag = header(&server.expect(create(), 200).await?, "etag").expect("an ETag").to_owned();
    server.expect_error(create(), 412, "PreconditionFailed").await?;
    let replace = |etag: &str| BareRequest::put("/bkt/k", "newer").header("if-match", etag);
    server.expect_error(replace("\"other\""), 412, "PreconditionFailed").await?;
    server.expect(replace(&etag), 200).await?;
    server.expect_error(replace(&etag), 412, "PreconditionFailed").await?;
    server.expect_error(BareRequest::put("/bkt/none", "x").header("if-match", etag), 404, "NoSuchKey").await?;
    assert_eq!(server.get("k").await?, "newer");
    Ok(())
}

#[tokio::test]
async fn of_many_conditional_creations_one_succeeds() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = server.bare.clone();
        let request = BareRequest::put("/bkt/k", format!("{number}")).header("if-none-match", "*");
        tasks.spawn(async move { client.call(request).await.map(|response| response.status().as_u16()) });
    }
    let statuses = tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 19);
    Ok(())
}
