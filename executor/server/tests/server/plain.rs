//! The fast path for plain requests answers exactly as the other path does.

use anyhow::Result;
use embedded_s3::bare::BareRequest;
use http::{HeaderMap, Response};

use crate::context::{TestServer, content, header};

/// Adds a header that changes nothing about the request, except that it is not plain.
fn long_way(request: BareRequest) -> BareRequest {
    request.header("x-amz-expected-bucket-owner", "embedded-s3")
}

/// The headers, without those that differ between any two answers.
fn lasting<B>(response: &Response<B>) -> HeaderMap {
    let mut headers = response.headers().clone();
    for name in ["date", "x-amz-request-id"] {
        assert!(headers.remove(name).is_some(), "{name}");
    }
    headers
}

#[tokio::test]
async fn both_paths_give_the_same_answers() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("untyped%20%C3%BC", content("untyped ü", 100_000)).await?;
    server.expect(BareRequest::put("/bkt/typed", "text").header("content-type", "text/plain"), 200).await?;
    server.expect(BareRequest::put("/bkt/owned", "text").header("x-amz-meta-a", "b"), 200).await?;
    let requests = [
        (BareRequest::get("/bkt/untyped%20%C3%BC"), 200),
        (BareRequest::get("/bkt/untyped%20%C3%BC").header("range", "bytes=10-19"), 206),
        (BareRequest::get("/bkt/untyped%20%C3%BC").header("range", "bytes=-3"), 206),
        (BareRequest::get("/bkt/untyped%20%C3%BC").header("range", "bytes=100000-"), 416),
        (BareRequest::get("/bkt/typed?x-id=GetObject"), 200),
        (BareRequest::get("/bkt/owned"), 200),
        (BareRequest::get("/bkt/typed").header("x-amz-checksum-mode", "ENABLED"), 200),
        (BareRequest::get("/bkt/absent"), 404),
        (BareRequest::put("/bkt/again", content("again", 1000)), 200),
        (BareRequest::put("/none/again", "text"), 404),
    ];
    for (request, status) in requests {
        let short = server.expect(request.clone(), status).await?;
        let long = server.expect(long_way(request.clone()), status).await?;
        assert_eq!(short.body(), long.body(), "{}", request.target);
        assert_eq!(lasting(&short), lasting(&long), "{}", request.target);
    }
    Ok(())
}

#[tokio::test]
async fn parts_of_both_paths_make_one_object() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let upload = server.begin_upload("k", &[]).await?;
    let put = |number: u32, body: &str| {
        BareRequest::put(format!("/bkt/k?partNumber={number}&uploadId={upload}"), body.to_owned())
    };
    let short = server.expect(put(1, "a part"), 200).await?;
    let etag = header(&short, "etag").expect("an ETag").to_owned();
    assert!(etag.ends_with("-1\""));
    let synthetic = BareRequest::put(format!("/bkt/k?partNumber=2&uploadId={upload}"), content("k", 50_000));
    let short = server.expect(synthetic.clone(), 200).await?;
    let long = server.expect(long_way(synthetic), 200).await?;
    assert_eq!(lasting(&short), lasting(&long));
    server.expect_error(put(0, "x"), 400, "InvalidArgument").await?;
    let unknown = BareRequest::put("/bkt/k?partNumber=1&uploadId=unknown", "x");
    server.expect_error(unknown, 404, "NoSuchUpload").await?;
    Ok(())
}
