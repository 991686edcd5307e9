//! The admin calls and declared objects.

use std::time::{Duration, Instant};

use anyhow::Result;
use embedded_s3::{
    ChecksumAlgorithm,
    admin::{AdminClient, AdminError, DeclareRequest, DeclaredObject},
    bare::BareRequest,
};
use http::{Method, StatusCode};

use crate::context::{TestServer, content, elements, header};

fn object(key: impl Into<String>, size: u64, checksum: Option<ChecksumAlgorithm>) -> DeclaredObject {
    DeclaredObject { bucket: "dcl".into(), key: key.into(), size, checksum }
}

#[tokio::test]
async fn the_token_is_needed() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let wrong = AdminClient::new(&server.server.endpoint(), "guess")?;
    let refused = wrong.status().await;
    assert!(matches!(refused, Err(AdminError::Refused { status: StatusCode::FORBIDDEN, .. })), "{refused:?}");
    let status = server.admin.status().await?;
    assert_eq!((status.process, status.recording), (std::process::id(), false));
    assert!(!format!("{:?}", server.admin).contains(crate::context::TOKEN));
    Ok(())
}

#[tokio::test]
async fn a_hundred_thousand_objects_are_declared_in_seconds() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let objects: Vec<_> = (0..100_000).map(|number| object(format!("many/{number:06}"), 256 << 10, None)).collect();
    let request = DeclareRequest { ensure_bucket: Some("dcl".into()), objects };
    let began = Instant::now();
    let answer = server.admin.declare(&request).await?;
    let took = began.elapsed();
    assert_eq!((answer.declared, answer.kept), (100_000, 0));
    // The bound is for an unoptimised build on a busy machine. A release build takes a fraction of it.
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(server.admin.declare(&request).await?.kept, 100_000);
    assert!(server.blob_sizes()?.is_empty());
    let got = server.expect(BareRequest::get("/dcl/many/099999"), 200).await?;
    assert!(got.body() == &content("many/099999", 256 << 10));
    let listed = server.expect(BareRequest::get("/dcl?list-type=2&start-after=many%2F099990"), 200).await?;
    assert_eq!(elements(std::str::from_utf8(listed.body())?, "Key").len(), 9);
    Ok(())
}

#[tokio::test]
async fn declared_checksums_are_right() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    for algorithm in ChecksumAlgorithm::ALL {
        let objects = vec![object("k", 100_000, Some(algorithm))];
        server.admin.declare(&DeclareRequest { ensure_bucket: Some("dcl".into()), objects }).await?;
        let head = BareRequest::new(Method::HEAD, "/dcl/k").header("x-amz-checksum-mode", "ENABLED");
        let declared = server.expect(head, 200).await?;
        // The server verifies it against the same bytes coming in.
        let value = header(&declared, algorithm.header()).expect("a checksum").to_owned();
        let put = BareRequest::put("/dcl/again", content("k", 100_000)).header(algorithm.header(), value);
        server.expect(put, 200).await?;
    }
    Ok(())
}

#[tokio::test]
async fn invalid_declarations_are_refused() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    for (objects, status) in [
        (vec![object("k", 1, None)], StatusCode::NOT_FOUND),
        (vec![object("", 1, None)], StatusCode::BAD_REQUEST),
        (vec![object("x".repeat(1025), 1, None)], StatusCode::BAD_REQUEST),
    ] {
        let refused = server.admin.declare(&DeclareRequest { ensure_bucket: None, objects }).await;
        assert!(matches!(&refused, Err(AdminError::Refused { status: got, .. }) if *got == status), "{refused:?}");
    }
    let bucket = DeclareRequest { ensure_bucket: Some("Not_A_Bucket".into()), objects: Vec::new() };
    assert!(server.admin.declare(&bucket).await.is_err());
    Ok(())
}
