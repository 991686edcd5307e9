//! Multipart uploads.

use anyhow::Result;
use embedded_s3::bare::BareRequest;
use http::Method;

use crate::context::{TestServer, element, elements, header};

const MIN: usize = 5 << 20;

async fn put_part(server: &TestServer, upload: &str, number: u32, body: Vec<u8>) -> Result<String> {
    let target = format!("/bkt/k?partNumber={number}&uploadId={upload}");
    let answer = server.expect(BareRequest::put(target, body), 200).await?;
    Ok(header(&answer, "etag").expect("an ETag").to_owned())
}

fn complete(upload: &str, parts: &[(u32, &str)]) -> BareRequest {
    let part =
        |(number, etag): &(u32, &str)| format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    let listed: String = parts.iter().map(part).collect();
    let body = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    BareRequest { body: body.into(), ..BareRequest::new(Method::POST, format!("/bkt/k?uploadId={upload}")) }
}

#[tokio::test]
async fn parts_become_an_object_that_can_be_read_by_part() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let upload = server.begin_upload("k", &[("content-type", "text/plain"), ("x-amz-meta-a", "b")]).await?;
    // The later part is sent first, and one part twice.
    let third = put_part(&server, &upload, 30, vec![3; 10]).await?;
    put_part(&server, &upload, 1, vec![9; 20]).await?;
    let first = put_part(&server, &upload, 1, vec![1; MIN]).await?;
    let listed = server.expect(BareRequest::get(format!("/bkt/k?uploadId={upload}&max-parts=1")), 200).await?;
    let listed = String::from_utf8(listed.body().to_vec())?;
    assert_eq!(elements(&listed, "PartNumber"), ["1"]);
    assert_eq!(elements(&listed, "Size"), [MIN.to_string()]);
    assert_eq!(element(&listed, "IsTruncated"), Some("true"));
    assert_eq!(element(&listed, "NextPartNumberMarker"), Some("1"));
    server.expect(complete(&upload, &[(1, &first), (30, &third)]), 200).await?;
    // A client that did not get the answer asks again.
    server.expect(complete(&upload, &[(1, &first), (30, &third)]), 200).await?;
    let got = server.expect(BareRequest::get("/bkt/k"), 200).await?;
    assert!(got.body() == &[vec![1; MIN], vec![3; 10]].concat());
    assert_eq!(header(&got, "content-type"), Some("text/plain"));
    assert_eq!(header(&got, "x-amz-meta-a"), Some("b"));
    assert!(header(&got, "etag").is_some_and(|etag| etag.ends_with("-2\"")));
    let second = server.expect(BareRequest::get("/bkt/k?partNumber=2"), 206).await?;
    assert_eq!(second.body(), &vec![3; 10]);
    assert_eq!(header(&second, "x-amz-mp-parts-count"), Some("2"));
    server.expect_error(BareRequest::get("/bkt/k?partNumber=3"), 416, "InvalidPartNumber").await?;
    server.expect_error(complete(&upload, &[(1, &first)]), 404, "NoSuchUpload").await?;
    Ok(())
}

#[tokio::test]
async fn what_s3_refuses_is_refused() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let upload = server.begin_upload("k", &[]).await?;
    let small = put_part(&server, &upload, 1, vec![1; 100]).await?;
    let last = put_part(&server, &upload, 2, vec![2; 100]).await?;
    server.expect_error(complete(&upload, &[(1, &small), (2, &last)]), 400, "EntityTooSmall").await?;
    server.expect_error(complete(&upload, &[(2, &last), (1, &small)]), 400, "InvalidPartOrder").await?;
    server.expect_error(complete(&upload, &[(1, "\"other\"")]), 400, "InvalidPart").await?;
    server.expect_error(complete(&upload, &[(1, &small), (7, &last)]), 400, "InvalidPart").await?;
    server.expect_error(complete(&upload, &[]), 400, "MalformedXML").await?;
    server.expect_error(complete("nothing", &[(1, &small)]), 404, "NoSuchUpload").await?;
    let zero = BareRequest::put(format!("/bkt/k?partNumber=0&uploadId={upload}"), "x");
    server.expect_error(zero, 400, "InvalidArgument").await?;
    let mismatched = complete(&upload, &[(1, &small)]).header("x-amz-mp-object-size", "101");
    server.expect_error(mismatched, 400, "InvalidRequest").await?;
    // None of these requests ended the upload.
    server.expect(complete(&upload, &[(1, &small)]), 200).await?;
    assert_eq!(server.get("k").await?, vec![1; 100]);
    Ok(())
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let upload = server.begin_upload("k", &[]).await?;
    put_part(&server, &upload, 1, vec![1; 100]).await?;
    assert_eq!(server.blob_sizes()?, [100]);
    let uploads = server.expect(BareRequest::get("/bkt?uploads"), 200).await?;
    assert_eq!(elements(std::str::from_utf8(uploads.body())?, "UploadId"), [upload.as_str()]);
    let abort = || BareRequest::new(Method::DELETE, format!("/bkt/k?uploadId={upload}"));
    server.expect(abort(), 204).await?;
    server.expect_error(abort(), 404, "NoSuchUpload").await?;
    assert!(server.blob_sizes()?.is_empty());
    let uploads = server.expect(BareRequest::get("/bkt?uploads"), 200).await?;
    assert!(elements(std::str::from_utf8(uploads.body())?, "UploadId").is_empty());
    Ok(())
}
